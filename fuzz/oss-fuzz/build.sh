#!/bin/bash -eu
# Builds every fuzz target as OSS-Fuzz and ClusterFuzzLite want it: $CC, $CFLAGS and $LIB_FUZZING_ENGINE say how, $SRC
# holds the repository, and programs, seeds, dictionaries and options go to $OUT.

repository=$SRC/harena
build=${WORK:-/tmp}/harena-build

# The target `generator` needs libclang, which knows nothing of MemorySanitizer. Where targets run there is none: it goes
# along, with what it needs itself, which only the older kind of path (no new dtags) holds for too.
generator=enabled
[ "${SANITIZER:-}" = memory ] && generator=disabled
link_args="['$LIB_FUZZING_ENGINE', '-Wl,--disable-new-dtags', '-Wl,-rpath,\$ORIGIN/lib']"

# -Wl,... and the sanitizers' flags come in CFLAGS; Meson is not to add its own.
meson setup --wipe "$build" "$repository" 2>/dev/null || meson setup "$build" "$repository"
meson configure "$build" -Dfuzzing=external "-Dfuzzing_link_args=$link_args" -Ddefault_library=static \
  -Dgenerator=$generator -Dtests=disabled -Dexamples=disabled -Dbench=disabled -Dwerror=false -Dbuildtype=plain -Db_ndebug=false
ninja -C "$build"

for source in "$repository"/fuzz/*.c; do
  target=$(basename "$source" .c)
  [ "$target-$generator" = generator-disabled ] && continue
  cp "$build/fuzz/$target" "$OUT/"
  (cd "$repository/fuzz/corpus/$target" && zip -q -r "$OUT/${target}_seed_corpus.zip" .)
  for extra in dict options; do
    if [ -f "$repository/fuzz/$target.$extra" ]; then
      cp "$repository/fuzz/$target.$extra" "$OUT/"
    fi
  done
done

if [ $generator = enabled ]; then
  mkdir -p "$OUT/lib"
  ldd "$build/fuzz/generator" | awk '$3 ~ "^/" && $1 !~ "^lib(c|m|dl|rt|pthread|resolv|gcc_s)[.]so" { print $3 }' |
    xargs -I '{}' cp '{}' "$OUT/lib/"
fi
