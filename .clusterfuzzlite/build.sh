#!/bin/bash -eu
# The same as for OSS-Fuzz; the Dockerfile copies the checkout instead of cloning.
exec "$SRC/harena/fuzz/oss-fuzz/build.sh"
