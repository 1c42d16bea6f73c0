/* harena: arenas that say what went wrong. One include brings everything that C programs use. */
#ifndef HARENA_H
#define HARENA_H

#include <harena/arena.h>
#include <harena/buffer.h>
#include <harena/bytes.h>
#include <harena/debug.h>
#include <harena/view.h>

#endif
