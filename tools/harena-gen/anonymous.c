#include "anonymous.h"

#include <string.h>

bool anonymous_is(CXType type) {
  return clang_Cursor_isAnonymousRecordDecl(clang_getTypeDeclaration(type));
}

/* Of what a macro brings, where that is used: its definition has unrelated text behind it. */
static CXSourceLocation place_in_text(const struct source *source, CXSourceLocation location) {
  CXFile file = NULL;
  unsigned offset = 0;
  clang_getFileLocation(location, &file, NULL, NULL, &offset);
  return clang_getLocationForOffset(source->unit, file, offset);
}

/* From a member to the end of what it is a member of: where the member ends libclang does not say. */
static CXSourceRange range_from(const struct source *source, CXCursor member) {
  CXSourceRange start = clang_getCursorExtent(member);
  CXSourceRange end = clang_getCursorExtent(clang_getCursorSemanticParent(member));
  return clang_getRange(place_in_text(source, clang_getRangeStart(start)),
                        place_in_text(source, clang_getRangeEnd(end)));
}

/* How many more brackets are open behind a token than before it. */
static int opened_by(const char *token) {
  if (token[0] == 0 || token[1] != 0) {
    return 0;
  }
  return (strchr("([{", *token) != NULL) - (strchr(")]}", *token) != NULL);
}

/* Whether `const` is among the tokens up to the semicolon, outside of all brackets. */
static bool has_const(const struct source *source, CXToken *tokens, unsigned count) {
  int depth = 0;
  for (unsigned i = 0; i < count; i++) {
    const char *token = source_token(source, tokens[i]);
    depth += opened_by(token);
    if (depth == 0 && strcmp(token, ";") == 0) {
      return false;
    }
    if (depth == 0 && strcmp(token, "const") == 0) {
      return true;
    }
  }
  return false;
}

bool anonymous_is_const(const struct source *source, CXCursor member) {
  CXToken *tokens = NULL;
  unsigned count = 0;
  clang_tokenize(source->unit, range_from(source, member), &tokens, &count);
  bool found = has_const(source, tokens, count);
  clang_disposeTokens(source->unit, tokens, count);
  return found;
}
