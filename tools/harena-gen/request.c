#include "request.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "name.h"
#include "path.h"
#include "refuse.h"

static const char usage[] =
    "usage: harena-gen --type NAME[,NAME...] [--dir DIR] [--depfile FILE] [--pointer-map]\n"
    "                  [FLAG...] FILE [-- FLAG...]\n"
    "\n"
    "Writes NAME.harena.h, the typed view of each type, and NAME.harena.c for a type that a "
    "header\n"
    "defines. A type that holds a pointer is refused.\n"
    "\n"
    "  --type NAMES     typedefs and tags in FILE or what it includes; may be given again\n"
    "  --dir DIR        where the files go; the working directory when not given\n"
    "  --depfile FILE   also writes what was read, as make and ninja want it\n"
    "  --pointer-map    writes where each type holds pointers, instead of a view\n"
    "  FLAG             for clang: -I -D -U -include -isystem -iquote -idirafter -std= -f -m -W "
    "-O\n"
    "                   -g -pthread --target= --sysroot= -x c; any other behind --\n";

/* What clang gets. The value of a flag with a separate word may also be part of the word. */
static const struct {
  const char *flag;
  bool separate;
} clang_flags[] = {
    {"-I", true},       {"-D", true},        {"-U", true},         {"-include", true},
    {"-isystem", true}, {"-iquote", true},   {"-std=", false},     {"-idirafter", true},
    {"-f", false},      {"-m", false},       {"-W", false},        {"-O", false},
    {"-g", false},      {"-pthread", false}, {"--target=", false}, {"--sysroot=", false},
    {"-x", true},
};

struct reader {
  struct request *request;
  char **word; /* the one at hand; the last is NULL */
};

static bool starts_with(const char *word, const char *start) {
  return strncmp(word, start, strlen(start)) == 0;
}

/* The language that the flag at a word asks for, there or in the next word; NULL: none. */
static const char *language_of(char *const *word) {
  static const char *const flags[] = {"-x", "--language=", "--language"};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    if (starts_with(*word, flags[i])) {
      const char *rest = *word + strlen(flags[i]);
      return *rest ? rest : word[1];
    }
  }
  return NULL;
}

static bool is_of_c(char *const *word) {
  static const char *const others[] = {"-std=c++", "-std=gnu++", "-ObjC"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (starts_with(*word, others[i])) {
      return refuse("%s: harena-gen reads C, and no other language", *word);
    }
  }
  const char *language = language_of(word);
  return !language || strcmp(language, "c") == 0 ||
         refuse("language %s: harena-gen reads C, and no other", language);
}

static bool is_c(const char *input) {
  static const char *const others[] = {".cpp", ".cc",  ".cxx", ".c++", ".C", ".hpp",
                                       ".hh",  ".hxx", ".h++", ".H",   ".m", ".mm"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (path_ends_with(input, others[i])) {
      return refuse("%s: harena-gen reads C, and no other language", input);
    }
  }
  return true;
}

/* Whether the word at hand is `option` or `option=value`. */
static bool at_option(const struct reader *reader, const char *option) {
  const char *word = *reader->word;
  size_t length = strlen(option);
  return starts_with(word, option) && (word[length] == 0 || word[length] == '=');
}

/* The value of the option at hand, and on to the next word. NULL after saying that there is none.
 */
static const char *take_value(struct reader *reader) {
  const char *option = *reader->word++;
  const char *equals = strchr(option, '=');
  const char *value = equals ? equals + 1 : *reader->word;
  if (!value || !*value) {
    refuse("%.*s: a value is expected", (int)strcspn(option, "="), option);
    return NULL;
  }
  if (!equals) {
    reader->word++;
  }
  return value;
}

static bool take_text(struct reader *reader, const char **text) {
  *text = take_value(reader);
  return *text;
}

static bool is_type(const char *names, const char *name) {
  if (!*name) {
    return refuse("--type %s: a name between commas is empty", names);
  }
  if (!name_is_of_type(name)) {
    return refuse("--type %s: a name such as Point or \"struct point\" is expected", name);
  }
  return true;
}

static bool take_types(struct reader *reader) {
  const char *names = take_value(reader);
  if (!names) {
    return false;
  }
  harena *arena = reader->request->arena;
  const char *rest = names;
  for (size_t length = 0;; rest += length + 1) {
    length = strcspn(rest, ",");
    const char *name = harena_strndup(arena, rest, length);
    if (!is_type(names, name)) {
      return false;
    }
    words_add(arena, &reader->request->types, name);
    if (rest[length] == 0) {
      return true;
    }
  }
}

/* Adds the clang flag at hand, with the word behind it when that is its value. */
static bool take_flag(struct reader *reader) {
  struct request *request = reader->request;
  if (!is_of_c(reader->word)) {
    return false;
  }
  const char *word = *reader->word++;
  for (size_t i = 0; i < sizeof clang_flags / sizeof *clang_flags; i++) {
    const char *flag = clang_flags[i].flag;
    if (!starts_with(word, flag)) {
      continue;
    }
    words_add(request->arena, &request->flags, word);
    if (!clang_flags[i].separate || word[strlen(flag)]) {
      return true;
    }
    if (!*reader->word) {
      return refuse("%s: a value is expected", word);
    }
    words_add(request->arena, &request->flags, *reader->word++);
    return true;
  }
  return refuse("unknown flag %s; --help lists them, and those behind -- all go to clang", word);
}

static bool take_input(struct reader *reader) {
  struct request *request = reader->request;
  const char *input = *reader->word++;
  if (request->input) {
    return refuse("%s: one input file is expected, and %s is it already", input, request->input);
  }
  request->input = input;
  return is_c(input);
}

static bool take_rest(struct reader *reader) {
  while (*++reader->word) {
    if (!is_of_c(reader->word)) {
      return false;
    }
    words_add(reader->request->arena, &reader->request->flags, *reader->word);
  }
  return true;
}

static bool take(struct reader *reader) {
  struct request *request = reader->request;
  if (at_option(reader, "--type")) {
    return take_types(reader);
  }
  if (at_option(reader, "--dir")) {
    return take_text(reader, &request->directory);
  }
  if (at_option(reader, "--depfile")) {
    return take_text(reader, &request->depfile);
  }
  if (strcmp(*reader->word, "--pointer-map") == 0) {
    request->pointer_map = true;
    reader->word++;
    return true;
  }
  if (strcmp(*reader->word, "--") == 0) {
    return take_rest(reader);
  }
  return **reader->word == '-' ? take_flag(reader) : take_input(reader);
}

static bool is_folder(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_complete(const struct request *request) {
  if (request->types.count == 0) {
    return refuse("--type NAME is expected; --help says more");
  }
  if (!request->input) {
    return refuse("an input file is expected; --help says more");
  }
  return is_folder(request->directory) ||
         refuse("--dir %s: the name of a folder is expected", request->directory);
}

static bool is_answered(const char *word) {
  if (strcmp(word, "--help") == 0) {
    fputs(usage, stdout);
    return true;
  }
  if (strcmp(word, "--version") == 0) {
    printf("harena-gen %s\n", harena_version());
    return true;
  }
  return false;
}

enum answer request_read(struct request *request, char **words) {
  struct reader reader = {.request = request, .word = words + 1};
  request->directory = ".";
  while (*reader.word) {
    if (is_answered(*reader.word)) {
      return ANSWER_DONE;
    }
    if (!take(&reader)) {
      return ANSWER_REFUSED;
    }
  }
  return is_complete(request) ? ANSWER_GENERATE : ANSWER_REFUSED;
}
