#include "rendering.h"

#include <string.h>

#include "json.h"
#include "options.h"
#include "sarif.h"
#include "text.h"

/* Room for the last lines is kept back, so that a report that is cut still says what it is
 * about. */
enum { REPORT_SIZE = 64 * 1024, KEPT_BACK = 4 * 1024 };
static char text[REPORT_SIZE];
static size_t text_length;
static bool text_is_cut;

static void append(const char *line) {
  size_t length = strlen(line);
  memcpy(text + text_length, line, length);
  text_length += length;
  text[text_length++] = '\n';
  text[text_length] = '\0';
}

/* Lines that belong to a section are indented. */
static void take_line(const char *line) {
  bool is_detail = line[0] == ' ';
  if (!is_detail || text_length + strlen(line) + 2 <= REPORT_SIZE - KEPT_BACK) {
    append(line);
  } else if (!text_is_cut) {
    append("  (what follows is left out: the report is too long)");
    text_is_cut = true;
  }
}

static harena__rendering render_text(const harena__report *report) {
  text_length = 0;
  text_is_cut = false;
  harena__write_text(report, false, take_line);
  return (harena__rendering){.format = HARENA__FORMAT_TEXT, .text = text, .length = text_length};
}

static harena__rendering render_json(const harena__report *report) {
  harena__json json = harena__json_into(text, REPORT_SIZE);
  harena__write_json(report, &json);
  return (harena__rendering){.format = HARENA__FORMAT_JSON, .text = text, .length = json.length};
}

static harena__rendering render_sarif(const harena__report *report) {
  harena__json json = harena__json_into(text, REPORT_SIZE);
  size_t splice = harena__write_sarif(report, &json);
  return (harena__rendering){
      .format = HARENA__FORMAT_SARIF, .text = text, .length = json.length, .splice = splice};
}

harena__rendering harena__render(const harena__report *report) {
  switch (harena__option()->format) {
    case HARENA__FORMAT_JSON:
      return render_json(report);
    case HARENA__FORMAT_SARIF:
      return render_sarif(report);
    default:
      return render_text(report);
  }
}
