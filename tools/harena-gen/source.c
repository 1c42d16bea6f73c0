#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "path.h"

const char *source_text(harena *arena, CXString string) {
  const char *text = clang_getCString(string);
  const char *kept = harena_strdup(arena, text ? text : "");
  clang_disposeString(string);
  return kept;
}

const char *source_token(const struct source *source, CXToken token) {
  return source_text(source->request->arena, clang_getTokenSpelling(source->unit, token));
}

/* ---- Parsing -------------------------------------------------------------------------------- */

/* Adds the folders of a flag, whose value is part of the word or the next one. */
static void add_folders(const struct request *request, struct words *folders, const char *flag) {
  size_t length = strlen(flag);
  for (size_t i = 0; i < request->flags.count; i++) {
    const char *word = request->flags.word[i];
    if (strncmp(word, flag, length) == 0) {
      bool is_next = word[length] == 0 && i + 1 < request->flags.count;
      words_add(request->arena, folders, is_next ? request->flags.word[++i] : word + length);
    }
  }
}

/* The folders that an include with quotes looks through, in order. Those of -idirafter are behind
 * the compiler's own, which are not known here. */
static struct words include_folders(const struct request *request) {
  struct words folders = {0};
  words_add(request->arena, &folders, request->directory);
  add_folders(request, &folders, "-iquote");
  add_folders(request, &folders, "-I");
  add_folders(request, &folders, "-isystem");
  return folders;
}

/* Warnings are the compiler's business, also where the user's flags make errors of them: it sees
 * function bodies and the main file in another way. A flag that clang does not know stays an error:
 * the inner compiler alone is told so, or libclang 19 prints one of its own as well. */
static void add_warnings(const struct request *request, struct words *words) {
  words_add(request->arena, words, "-Wno-everything");
  if (!words_have(&request->flags, "-Wno-unknown-warning-option")) {
    words_add(request->arena, words, "-Xclang");
    words_add(request->arena, words, "-Werror=unknown-warning-option");
  }
}

/* The user's flags, between what makes any input C and where this run's files are. */
static struct words clang_words(const struct source *source) {
  const struct request *request = source->request;
  struct words words = {0};
  words_add(request->arena, &words, "-xc");
  for (size_t i = 0; i < request->flags.count; i++) {
    words_add(request->arena, &words, request->flags.word[i]);
  }
  add_warnings(request, &words);
  words_add(request->arena, &words, "-I");
  words_add(request->arena, &words, request->directory);
  words_add(request->arena, &words, "-ivfsoverlay");
  words_add(request->arena, &words, overlay_list(&source->overlay));
  return words;
}

/* Prints a diagnostic as compilers do; those of the command line have no place. */
static void print_diagnostic(CXDiagnostic diagnostic) {
  unsigned options = CXDiagnostic_DisplaySourceLocation | CXDiagnostic_DisplayColumn;
  CXString text = clang_formatDiagnostic(diagnostic, options);
  CXFile file = NULL;
  clang_getFileLocation(clang_getDiagnosticLocation(diagnostic), &file, NULL, NULL, NULL);
  fprintf(stderr, "%s%s\n", file ? "" : "harena-gen: ", clang_getCString(text));
  clang_disposeString(text);
}

/* An input with errors has types that clang guessed at, so it is no base for a statement about
 * pointers. Warnings are the compiler's business. */
static bool has_errors(CXTranslationUnit unit) {
  bool found = false;
  for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
    CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
    if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
      print_diagnostic(diagnostic);
      found = true;
    }
    clang_disposeDiagnostic(diagnostic);
  }
  return found;
}

/* When clang gives no reason, it is the words: they are all there is to look at. */
static bool refuse_words(const struct source *source) {
  harena *arena = source->request->arena;
  const char *text = "";
  for (size_t i = 0; i < source->request->flags.count; i++) {
    text = harena_printf(arena, "%s %s", text, source->request->flags.word[i]);
  }
  return refuse("clang refuses%s %s", text, source->request->input);
}

/* Said here because clang gives no reason. */
static bool is_readable(const char *input) {
  FILE *file = fopen(input, "r");
  bool readable = file && (fgetc(file) != EOF || !ferror(file));
  int reason = errno;
  if (file) {
    fclose(file);
  }
  return readable || refuse("%s: %s", input, strerror(reason));
}

/* A macro's tokens are its name and what it stands for. */
bool source_macro_means_other(const struct source *source, CXCursor macro) {
  CXToken *tokens = NULL;
  unsigned count = 0;
  clang_tokenize(source->unit, clang_getCursorExtent(macro), &tokens, &count);
  bool same =
      count == 2 && strcmp(source_token(source, tokens[0]), source_token(source, tokens[1])) == 0;
  clang_disposeTokens(source->unit, tokens, count);
  return !same;
}

/* Macros with arguments stay as they are where none follow. */
static enum CXChildVisitResult visit_macro(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  struct source *source = data;
  if (clang_getCursorKind(cursor) == CXCursor_MacroDefinition &&
      !clang_Cursor_isMacroFunctionLike(cursor) && source_macro_means_other(source, cursor)) {
    harena *arena = source->request->arena;
    words_add(arena, &source->macros, source_text(arena, clang_getCursorSpelling(cursor)));
  }
  return CXChildVisit_Continue;
}

bool source_open(struct source *source, const struct request *request,
                 const struct targets *targets) {
  *source = (struct source){.request = request, .folders = include_folders(request)};
  if (!is_readable(request->input) ||
      !overlay_open(&source->overlay, request, targets, &source->folders)) {
    return false;
  }
  struct words words = clang_words(source);
  source->index = clang_createIndex(0, 0);
  /* Bodies use the functions that are about to be written. */
  unsigned options =
      CXTranslationUnit_SkipFunctionBodies | CXTranslationUnit_DetailedPreprocessingRecord;
  enum CXErrorCode error = clang_parseTranslationUnit2(
      source->index, request->input, words.word, (int)words.count, NULL, 0, options, &source->unit);
  if (error != CXError_Success) {
    return refuse_words(source);
  }
  if (request->pointer_map) {
    clang_visitChildren(clang_getTranslationUnitCursor(source->unit), visit_macro, source);
  }
  return !has_errors(source->unit);
}

void source_close(struct source *source) {
  clang_disposeTranslationUnit(source->unit);
  clang_disposeIndex(source->index);
  overlay_close(&source->overlay);
}

/* ---- Places and files ----------------------------------------------------------------------- */

struct place source_place(harena *arena, CXCursor cursor) {
  struct place place;
  CXFile file;
  clang_getFileLocation(clang_getCursorLocation(cursor), &file, &place.line, &place.column, NULL);
  place.file = source_text(arena, clang_getFileName(file));
  return place;
}

bool source_is_private(const struct place *place) {
  const char *dot = strrchr(place->file, '.');
  return dot && strcmp(dot, ".c") == 0;
}

/* The include directive of the input through which a file was read. */
struct way {
  CXFile file;
  CXSourceLocation directive;
  bool found;
};

static void find_way(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
  struct way *way = data;
  if (!way->found && depth > 0 && clang_File_isEqual(file, way->file)) {
    way->directive = stack[depth - 1];
    way->found = true;
  }
}

static const char *quoted_include(const struct source *source, CXFile file) {
  harena *arena = source->request->arena;
  const char *header = source_text(arena, clang_getFileName(file));
  const char *path = name_in_include(arena, header, &source->folders);
  return path ? harena_printf(arena, "\"%s\"", path) : NULL;
}

/* A header of the system is named as the input names it, for only its compiler knows where it is.
 */
static const char *include_of_directive(const struct source *source, CXCursor directive) {
  CXFile file = clang_getIncludedFile(directive);
  CXSourceLocation start = clang_getLocation(source->unit, file, 1, 1);
  if (!clang_Location_isInSystemHeader(start)) {
    return quoted_include(source, file);
  }
  harena *arena = source->request->arena;
  const char *name = source_text(arena, clang_getCursorSpelling(directive));
  return harena_printf(arena, "<%s>", name);
}

const char *source_include(const struct source *source, CXCursor cursor) {
  harena *arena = source->request->arena;
  struct place place = {.file = source->request->input};
  CXFile input = clang_getFile(source->unit, place.file);
  if (!source_is_private(&place)) {
    return quoted_include(source, input);
  }
  struct way way = {0};
  clang_getFileLocation(clang_getCursorLocation(cursor), &way.file, NULL, NULL, NULL);
  clang_getInclusions(source->unit, find_way, &way);
  CXCursor directive =
      way.found ? clang_getCursor(source->unit, way.directive) : clang_getNullCursor();
  if (clang_getCursorKind(directive) == CXCursor_InclusionDirective) {
    return include_of_directive(source, directive);
  }
  place = source_place(arena, cursor);
  refuse("%s: no #include of %s leads there", place.file, source->request->input);
  return NULL;
}

struct collection {
  const struct source *source;
  struct words files;
};

static void collect_file(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
  (void)stack;
  (void)depth;
  struct collection *collection = data;
  harena *arena = collection->source->request->arena;
  const char *name = source_text(arena, clang_getFileName(file));
  if (*name && !overlay_has(&collection->source->overlay, name) &&
      !words_have(&collection->files, name)) {
    words_add(arena, &collection->files, name);
  }
}

struct words source_files(const struct source *source) {
  struct collection collection = {.source = source};
  clang_getInclusions(source->unit, collect_file, &collection);
  return collection.files;
}
