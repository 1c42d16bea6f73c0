#include "sarif.h"

#include <harena/arena.h>
#include <string.h>

#include "json.h"
#include "wording.h"

static const char source_root[] = "%SRCROOT%";

static void write_message(harena__json *out, const char *name, const char *text) {
  harena__json_open(out, name, '{');
  harena__json_text(out, "text", text);
  harena__json_close(out, '}');
}

/* ---- The head of a log ---------------------------------------------------------------------- */

static void write_rule(harena__json *out, const harena__class_description *class) {
  harena__json_open(out, NULL, '{');
  harena__json_text(out, "id", class->name);
  write_message(out, "shortDescription", class->summary);
  write_message(out, "fullDescription", class->summary);
  write_message(out, "help", class->advice);
  harena__json_open(out, "defaultConfiguration", '{');
  harena__json_text(out, "level", "error");
  harena__json_close(out, '}');
  harena__json_open(out, "properties", '{');
  harena__json_open(out, "tags", '[');
  harena__json_text(out, NULL, class->family);
  harena__json_close(out, ']');
  harena__json_close(out, '}');
  harena__json_close(out, '}');
}

static void write_tool(harena__json *out) {
  harena__json_open(out, "tool", '{');
  harena__json_open(out, "driver", '{');
  harena__json_text(out, "name", "harena");
  harena__json_text(out, "semanticVersion", harena_version());
  harena__json_open(out, "rules", '[');
  for (int i = 0; i < HARENA__CLASSES; i++) {
    write_rule(out, harena__describe_class((harena__class)i));
  }
  harena__json_close(out, ']');
  harena__json_close(out, '}');
  harena__json_close(out, '}');
}

static void write_root(harena__json *out) {
  harena__json_open(out, "originalUriBaseIds", '{');
  harena__json_open(out, source_root, '{');
  write_message(out, "description", "The folder that file names in reports are relative to.");
  harena__json_close(out, '}');
  harena__json_close(out, '}');
}

static void open_log(harena__json *out) {
  harena__json_open(out, NULL, '{');
  harena__json_text(out, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  harena__json_text(out, "version", "2.1.0");
  harena__json_open(out, "runs", '[');
  harena__json_open(out, NULL, '{');
  write_tool(out);
  write_root(out);
  harena__json_open(out, "results", '[');
}

/* ---- Places --------------------------------------------------------------------------------- */

static bool may_stand_in_uri(char byte) {
  static const char others[] = "-._~/";
  char letter = (char)(byte | 0x20);
  return (letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9') ||
         memchr(others, byte, sizeof others - 1);
}

static void add_uri(harena__line *line, const char *path) {
  harena__add(line, *path == '/' ? "file://" : "");
  for (; *path; path++) {
    if (may_stand_in_uri(*path)) {
      harena__add(line, (char[]){*path, '\0'});
    } else {
      harena__add(line, "%");
      harena__add_byte(line, (unsigned char)*path);
    }
  }
}

static void write_artifact(harena__json *out, const char *path) {
  harena__line uri = {0};
  add_uri(&uri, path);
  harena__json_open(out, "artifactLocation", '{');
  harena__json_text(out, "uri", uri.text);
  if (*path != '/') {
    harena__json_text(out, "uriBaseId", source_root);
  }
  harena__json_close(out, '}');
}

static void write_address(harena__json *out, const harena__symbol *symbol) {
  harena__json_open(out, "address", '{');
  harena__json_number(out, *symbol->module ? "relativeAddress" : "absoluteAddress", symbol->offset);
  harena__json_close(out, '}');
}

/* Code scanning wants a file and a line, so that code without debug information is at the first
 * line of its module. */
static void write_physical_location(harena__json *out, const harena__symbol *symbol) {
  bool has_file = *symbol->file != '\0';
  const char *module = *symbol->module ? symbol->module : "unknown";
  harena__json_open(out, "physicalLocation", '{');
  write_artifact(out, has_file ? symbol->file : module);
  harena__json_open(out, "region", '{');
  harena__json_number(out, "startLine", has_file && symbol->line > 0 ? symbol->line : 1);
  harena__json_close(out, '}');
  if (!has_file && symbol->offset != 0) {
    write_address(out, symbol);
  }
  harena__json_close(out, '}');
}

static void write_function(harena__json *out, const harena__symbol *symbol) {
  if (*symbol->function == '\0') {
    return;
  }
  harena__json_open(out, "logicalLocations", '[');
  harena__json_open(out, NULL, '{');
  harena__json_text(out, "name", symbol->function);
  harena__json_text(out, "kind", "function");
  harena__json_close(out, '}');
  harena__json_close(out, ']');
}

static void write_location(harena__json *out, const harena__symbol *symbol) {
  write_physical_location(out, symbol);
  write_function(out, symbol);
}

/* ---- The parts of a result ------------------------------------------------------------------ */

/* In messages brackets make a link, and braces a placeholder. */
static const char *escape_of(char byte) {
  switch (byte) {
    case '[':
    case ']':
    case '\\':
      return "\\";
    case '{':
      return "{";
    case '}':
      return "}";
    default:
      return "";
  }
}

static void add_plain(harena__line *line, const char *text) {
  for (; *text; text++) {
    harena__add(line, escape_of(*text));
    harena__add(line, (char[]){*text, '\0'});
  }
}

static void add_sentence(harena__line *line, const harena__report *report) {
  harena__line location = {0};
  if (report->finding->holder) {
    harena__add_holder(&location, report);
  } else {
    harena__add_location(&location, report);
  }
  harena__line what = {0};
  harena__add_name(&what, report->finding->what);
  add_plain(line, what.text);
  harena__add(line, location.length > 0 ? ": " : "");
  add_plain(line, location.text);
  harena__add(line, ".");
}

/* The innermost frame of a site, as its stack shows it. */
static void take_first(const harena__symbol *symbol, size_t number, void *context) {
  if (number == 0) {
    *(harena__symbol *)context = *symbol;
  }
}

static void add_link(harena__line *line, const char *title, size_t id) {
  harena__add(line, id == 1 ? " See: [" : ", [");
  add_plain(line, title);
  harena__add(line, "](");
  harena__add_number(line, id);
  harena__add(line, ")");
}

static const char declared_here[] = "holder declared here";

static bool knows_declaration(const harena__report *report) {
  return report->finding->holder && report->finding->holder->line > 0;
}

/* A link to each site: its id is its number, from 1 on; where the holder is declared comes last. */
static void write_result_message(harena__json *out, const harena__report *report) {
  harena__line text = {0};
  add_sentence(&text, report);
  for (size_t i = 0; i < report->site_count; i++) {
    harena__line title = {0};
    harena__add_title(&title, report, &report->sites[i]);
    add_link(&text, title.text, i + 1);
  }
  if (knows_declaration(report)) {
    add_link(&text, declared_here, report->site_count + 1);
  }
  write_message(out, "message", text.text);
}

static void write_site_title(harena__json *out, const harena__report *report,
                             const harena__site *site) {
  harena__line title = {0};
  harena__line text = {0};
  harena__add_title(&title, report, site);
  add_plain(&text, title.text);
  write_message(out, "message", text.text);
}

static void write_main_location(harena__json *out, const harena__report *report) {
  static const harena__symbol unknown;
  harena__json_open(out, "locations", '[');
  harena__json_open(out, NULL, '{');
  write_location(out, report->has_place ? &report->place : &unknown);
  harena__json_close(out, '}');
  harena__json_close(out, ']');
}

static void write_related_location(harena__json *out, const harena__report *report, size_t index) {
  const harena__site *site = &report->sites[index];
  harena__symbol first = {0};
  harena__each_frame(site->trace, report->finding->in_signal_handler, take_first, &first);
  harena__json_open(out, NULL, '{');
  harena__json_number(out, "id", index + 1);
  write_site_title(out, report, site);
  write_location(out, &first);
  harena__json_close(out, '}');
}

static void write_declaration(harena__json *out, const harena__report *report) {
  const harena__holder_record *holder = report->finding->holder;
  harena__symbol place = {.line = holder->line};
  strcpy(place.file, holder->file);
  harena__json_open(out, NULL, '{');
  harena__json_number(out, "id", report->site_count + 1);
  write_message(out, "message", declared_here);
  write_physical_location(out, &place);
  harena__json_close(out, '}');
}

static void write_related_locations(harena__json *out, const harena__report *report) {
  harena__json_open(out, "relatedLocations", '[');
  for (size_t i = 0; i < report->site_count; i++) {
    write_related_location(out, report, i);
  }
  if (knows_declaration(report)) {
    write_declaration(out, report);
  }
  harena__json_close(out, ']');
}

static void write_frame(harena__json *out, const harena__symbol *symbol) {
  harena__json_open(out, NULL, '{');
  harena__json_open(out, "location", '{');
  write_location(out, symbol);
  harena__json_close(out, '}');
  if (*symbol->module != '\0') {
    harena__json_text(out, "module", symbol->module);
  }
  harena__json_close(out, '}');
}

static void write_frames(harena__json *out, const harena__report *report,
                         const harena__site *site) {
  harena__json_open(out, "frames", '[');
  harena__write_frames(out, site->trace, report->finding->in_signal_handler, write_frame);
  harena__json_close(out, ']');
}

static void write_stacks(harena__json *out, const harena__report *report) {
  harena__json_open(out, "stacks", '[');
  for (size_t i = 0; i < report->site_count; i++) {
    harena__json_open(out, NULL, '{');
    write_site_title(out, report, &report->sites[i]);
    write_frames(out, report, &report->sites[i]);
    harena__json_close(out, '}');
  }
  harena__json_close(out, ']');
}

static uint64_t hash_of(const char *text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (; *text; text++) {
    hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
  }
  return hash;
}

/* Code scanning tells alerts apart by the second. Given none it would hash the text of the line,
 * and a known finding would be a new one when that is edited. */
static void write_fingerprints(harena__json *out, const harena__report *report) {
  harena__line signature = {0};
  harena__line hash = {0};
  harena__add_signature(&signature, report);
  harena__add_hex(&hash, hash_of(signature.text));
  harena__json_open(out, "partialFingerprints", '{');
  harena__json_text(out, "harenaSignature/v1", signature.text);
  harena__json_text(out, "primaryLocationLineHash", hash.text);
  harena__json_close(out, '}');
}

static void write_result(harena__json *out, const harena__report *report) {
  harena__json_open(out, NULL, '{');
  harena__json_text(out, "ruleId", harena__describe_class(report->finding->class)->name);
  harena__json_text(out, "level", "error");
  write_result_message(out, report);
  write_main_location(out, report);
  write_related_locations(out, report);
  write_fingerprints(out, report);
  write_stacks(out, report);
  harena__json_close(out, '}');
}

size_t harena__write_sarif(const harena__report *report, harena__json *out) {
  open_log(out);
  size_t start = out->length;
  harena__json_verbatim(out, "\n");
  write_result(out, report);
  harena__json_verbatim(out, HARENA__SARIF_END);
  return start;
}
