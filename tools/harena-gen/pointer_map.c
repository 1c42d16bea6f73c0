#include "pointer_map.h"

struct printer {
  FILE *file;
  const struct target *target;
  unsigned elements; /* printed so far */
};

/* "conn_pointer_map" of the type itself, "conn_pointer_map_2" of an element. */
static void print_symbol(const struct printer *printer, const struct pointer_table *table) {
  fprintf(printer->file, "%s_pointer_map", printer->target->name);
  if (table->number > 0) {
    fprintf(printer->file, "_%u", table->number);
  }
}

/* `.offset = ...` from the beginning of the type or element that the table is of. */
static void print_offset(const struct printer *printer, const struct pointer_table *table,
                         const struct pointer_field *field) {
  const char *type = printer->target->spelling;
  if (!*field->designator) {
    fputs("        .offset = 0", printer->file); /* the type is a pointer itself */
    return;
  }
  fprintf(printer->file, "        .offset = offsetof(%s, %s)", type, field->designator);
  if (*table->designator) {
    fprintf(printer->file, " - offsetof(%s, %s)", type, table->designator);
  }
}

static void print_field(const struct printer *printer, const struct pointer_table *table,
                        const struct pointer_field *field) {
  fprintf(printer->file, "    {\n        .name = \"%s\",\n", field->name);
  print_offset(printer, table, field);
  if (field->count > 0) {
    fprintf(printer->file, ",\n        .count = %zu", field->count);
  }
  if (field->element) {
    fputs(",\n        .element = &", printer->file);
    print_symbol(printer, field->element);
  }
  fputs(",\n    },\n", printer->file);
}

static void print_fields(const struct printer *printer, const struct pointer_table *table) {
  fputs("static const harena_pointer_field ", printer->file);
  print_symbol(printer, table);
  fputs("_fields[] = {\n", printer->file);
  for (const struct pointer_field *field = table->first; field; field = field->next) {
    print_field(printer, table, field);
  }
  fputs("};\n\n", printer->file);
}

static void print_size(const struct printer *printer, const struct pointer_table *table) {
  const char *type = printer->target->spelling;
  if (*table->designator) {
    fprintf(printer->file, "sizeof(((%s *)0)->%s)", type, table->designator);
  } else {
    fprintf(printer->file, "sizeof(%s)", type);
  }
}

static void print_map(const struct printer *printer, const struct pointer_table *table) {
  FILE *file = printer->file;
  bool is_public = table->number == 0 && !printer->target->is_private;
  fprintf(file, "%sconst harena_pointer_map ", is_public ? "" : "static ");
  print_symbol(printer, table);
  fprintf(file, " = {\n    .type = \"%s\",\n    .size = ",
          table->number ? table->path : printer->target->spelling);
  print_size(printer, table);
  if (table->count > 0) {
    fputs(",\n    .fields = ", file);
    print_symbol(printer, table);
    fprintf(file, "_fields,\n    .field_count = %zu", table->count);
  }
  fputs(",\n};\n", file);
}

/* Elements come before what refers to them. */
static void print_table(struct printer *printer, struct pointer_table *table) {
  for (const struct pointer_field *field = table->first; field; field = field->next) {
    if (field->element) {
      field->element->number = ++printer->elements;
      print_table(printer, field->element);
      fputc('\n', printer->file);
    }
  }
  if (table->count > 0) {
    print_fields(printer, table);
  }
  print_map(printer, table);
}

void pointer_map_print(FILE *file, const struct target *target, struct pointer_table *table) {
  struct printer printer = {.file = file, .target = target};
  /* Lines are as long as the names in them. */
  fputs("/* clang-format off */\n", file);
  print_table(&printer, table);
}
