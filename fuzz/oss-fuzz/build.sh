#!/bin/bash -eu
# Builds every fuzz target as OSS-Fuzz and ClusterFuzzLite want it: $CC, $CFLAGS and $LIB_FUZZING_ENGINE say how, $SRC
# holds the repository, and programs, seeds, dictionaries and options go to $OUT.

repository=$SRC/harena
build=${WORK:-/tmp}/harena-build

# -Wl,... and the sanitizers' flags come in CFLAGS; Meson is not to add its own.
meson setup --wipe "$build" "$repository" 2>/dev/null || meson setup "$build" "$repository"
meson configure "$build" -Dfuzzing=external "-Dfuzzing_link_args=$LIB_FUZZING_ENGINE" -Ddefault_library=static \
  -Dgenerator=disabled -Dtests=disabled -Dexamples=disabled -Dbench=disabled -Dwerror=false -Dbuildtype=plain -Db_ndebug=false
ninja -C "$build"

for source in "$repository"/fuzz/*.c; do
  target=$(basename "$source" .c)
  # It needs libclang where it runs, and there is none.
  [ "$target" = generator ] && continue
  cp "$build/fuzz/$target" "$OUT/"
  (cd "$repository/fuzz/corpus/$target" && zip -q -r "$OUT/${target}_seed_corpus.zip" .)
  for extra in dict options; do
    if [ -f "$repository/fuzz/$target.$extra" ]; then
      cp "$repository/fuzz/$target.$extra" "$OUT/"
    fi
  done
done
