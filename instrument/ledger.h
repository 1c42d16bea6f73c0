/* The ledger: what is known of every arena and block, dead or alive, kept beside the memory, never
 * in it.
 *
 * Memory is known in regions: a run of slabs of the cage, a caller's buffer, a chunk of a custom
 * source. A region has an index, one number per granule of 8 or 16 bytes, that leads from the
 * start of a block to its entry. Both are mapped when the region appears and touched only where
 * blocks are. Ledger pointers to user memory are stored hidden (inverted), so that nobody who
 * scans memory for references finds them.
 *
 * An arena's entries are written by its own thread; regions and arenas are added under a lock. */
#ifndef HARENA_INSTRUMENT_LEDGER_H
#define HARENA_INSTRUMENT_LEDGER_H

#include <harena/debug.h>
#include <stdatomic.h>

#include "record.h"
#include "stacks.h"
#include "why.h"

/* Where an arena's chunks lie, which decides what may be done with them. */
typedef enum harena__home {
  HARENA__IN_CAGE,   /* ours: redzones, addresses not reused */
  HARENA__IN_SOURCE, /* a custom source's: redzones, addresses reused at once */
  HARENA__IN_BUFFER  /* a caller's: no redzones, addresses reused at once */
} harena__home;

/* One block. */
typedef struct harena__entry {
  uintptr_t hidden_block;
  struct harena__entry
      *previous;  /* what was the youngest live block of the arena when it was born */
  size_t size;    /* as asked for */
  size_t open;    /* of them may be touched: less than all in a slice's block with room to grow */
  uint32_t arena; /* id of its watch */
  uint32_t generation;
  uint32_t birth; /* the arena's blocks are numbered */
  harena__stack allocated;
  harena__stack retired;
  uint32_t born_event; /* numbers.h */
  uint32_t ended_event;
  uint32_t epoch; /* low half of what a reference to the block carries */
  uint8_t state;  /* HARENA_LIVE ... HARENA_CLOSED of harena_description */
  uint8_t align_shift;
  uint8_t swept;        /* lies in a range that was cleared, rewound or closed */
  bool truncated : 1;   /* shrank without a refund: its tail is still charged and lies behind it */
  bool reusable : 1;    /* its memory may hold something else by now */
  bool guarded : 1;     /* the page behind it is inaccessible */
  uint16_t redzone;     /* bytes behind its last granule that are its own, if it is not fenced */
  uint16_t pointer_map; /* pointer_maps.h; 0: the block's type is not known */
} harena__entry;

/* A range that ended as a whole and was filled. */
typedef struct harena__filled_range {
  uintptr_t hidden_from;
  uintptr_t hidden_to;
  uint64_t generation;
} harena__filled_range;

enum { HARENA__DEAD_RANGES = 4 };

/* Instead of the number of the thread that owns an arena. */
#define HARENA__ANYBODY 0U          /* it is not asked who */
#define HARENA__NOBODY (UINT32_MAX) /* the next thread that uses it */

/* One arena. */
typedef struct harena__watch harena__watch;
struct harena__watch {
  uint32_t id; /* never 0; another one when the watch is used again */
  bool open;
  bool wipes;    /* memory that is not ours must end as zero: dead blocks are not filled */
  bool in_place; /* goes on at the same addresses after a clear */
  bool reuses;   /* memory of dead blocks may be given out again, in any order */
  bool recycles; /* freed blocks are held in the quarantine and then reused */
  bool fenced;   /* every block has pages of its own, and behind them one that faults */
  harena__home home;
  size_t redzone;          /* the smallest behind a block; 0: none */
  size_t largest_redzone;  /* up to which it grows with the block */
  harena__end ending_why;  /* of the clear, rewind or close that runs or ran last */
  uintptr_t hidden_handle; /* of the record */
  uint64_t generation;     /* 1 at open */
  harena__stack opened;
  harena__stack ending;
  harena__stack closed;
  uint32_t opened_event; /* numbers.h */
  uint32_t ending_event;
  harena__entry *youngest; /* NULL in place: what lies last is the youngest, and a chunk may leave
                              while blocks that are younger than its own live */
  uint32_t births;
  uint32_t next_entry; /* numbers that are taken for this arena in `region`, for blocks to come */
  uint32_t end_entry;
  struct harena__region *region; /* where the youngest block was born; is asked before use */
  harena__entry
      *held_first; /* freed blocks in the quarantine, oldest first, linked by `previous` */
  harena__entry *held_last;
  size_t held_bytes;
  uintptr_t hidden_gap_end; /* with guard=exact: where what came last began, behind its gap */
  harena__filled_range dead[HARENA__DEAD_RANGES]; /* ended last, to be checked once more */
  unsigned dead_count;
  char name[64];

  /* Of threads; but for `family` they mean something in the eldest of a family only. */
  harena__watch *family;
  harena__watch *visited;            /* the same; NULL: nobody looks for calls that overlap */
  _Atomic uint32_t owner;            /* a thread's number, or as above */
  _Atomic uint32_t visitor;          /* the thread whose call runs; 0: none */
  _Atomic(const void *) visit_place; /* the latest call's return address */
  _Atomic(const void *) visit_frame; /* and frame */
  _Atomic harena__stack disturbed;   /* of a call that was not alone */
  atomic_bool disturber_waits;       /* for that stack */
  atomic_bool overlap_told;
  harena__stack taken; /* where the owner took it */

  bool reached; /* somebody holds a handle of the family; leaks.c */
  bool leak_told;
};

static inline uintptr_t harena__hide(const void *address) { return ~(uintptr_t)address; }
static inline char *harena__unhide(uintptr_t hidden) { return (char *)~hidden; }

/* ---- Arenas ---- */

/* Adds an arena. NULL when the ledger is full: then the arena is not watched. */
harena__watch *harena__ledger_open(const harena__arena *arena, harena__home home);

/* The arena has ended. Its watch is kept until 65,536 younger ones have ended as well. */
void harena__ledger_close(harena__watch *watch);

/* The newest watch, dead or alive, whose record was at `handle`; NULL when there was none. */
harena__watch *harena__ledger_watch_at(const void *handle);

harena__watch *harena__ledger_watch_of(const harena__entry *entry);

/* How many arenas found no room. */
size_t harena__arenas_lost(void);

/* Calls `each` for all watches, oldest first. */
void harena__ledger_each_arena(void (*each)(harena__watch *watch, void *context), void *context);

/* ---- Regions ---- */

/* Makes [start, start + size) known. In a region that several arenas share the index has a number
 * for 16 bytes, because redzones keep blocks further apart, but for layout=packed. Inside the cage
 * the range is a run of whole slabs. False when there is no memory for the index. */
bool harena__ledger_add_region(char *start, size_t size, bool shared);

/* The region's memory is gone, and its blocks are remembered only as long as there is room: the
 * oldest such regions are forgotten when together they take more than `history` bytes. */
void harena__ledger_retire_region(char *start);

/* Forgets the region that begins at `start`, with all its entries. */
void harena__ledger_drop_region(char *start);

/* The arena gives up the entries that it has in hand: a chunk leaves it, and their region may be
 * forgotten before it takes the next. */
void harena__ledger_leave_region(harena__watch *watch);

/* ---- Blocks ---- */

/* A block has another size now; entries of dead blocks whose memory it grew over are dropped. */
void harena__ledger_resize(const harena__watch *watch, harena__entry *entry, size_t size);

/* The entry of a block, dead or alive, that begins exactly at `block`; NULL when there is none. */
harena__entry *harena__ledger_at(const void *block);

/* The entry of the block, dead or alive, that `address` lies in, if it begins at most `reach` bytes
 * before; NULL when there is none. Cost: a step for each granule between. */
harena__entry *harena__ledger_holding(const void *address, size_t reach);

/* Whether a block at `block` may have found no room here. Of such a block nothing is known, so
 * nothing can be said against it. */
bool harena__ledger_may_lack(const void *block);

/* The entry that explains `address`: of the block it lies in, else of the nearest one before it in
 * its region, else of the nearest one behind it; NULL when no region holds the address. Takes no
 * lock that a signal handler could meet, so it is safe there. */
harena__entry *harena__ledger_find(const void *address);

/* The same, copied, for a thread whose arena it may not be: the entry may be changed, or forgotten,
 * at any moment, and then the copy is in part of before and in part of after. Every member is
 * whole. Takes a lock. */
bool harena__ledger_copy(const void *address, harena__entry *out);

/* Calls `each` for the entries of blocks that begin in [from, to), in order of address. */
void harena__ledger_each_block(const char *from, const char *to,
                               void (*each)(harena__entry *entry, void *context), void *context);

/* For tests, while no arena is open: forgets every arena, region and block. */
void harena__ledger_forget(void);

typedef struct harena__ledger_statistics {
  size_t arenas;      /* that are remembered */
  size_t open;        /* of them, now */
  uint64_t opened;    /* since the start */
  uint64_t blocks;    /* recorded since the start */
  size_t lost_blocks; /* for which there was no room */
  size_t lost_arenas;
  size_t bytes; /* of all tables, an upper bound of what is resident */
} harena__ledger_statistics;
harena__ledger_statistics harena__ledger_measure(void);

#endif
