/* What the compiler offers, under one name each. The only header that asks which compiler this is;
 * everything here may be empty without changing what a program means. */
#ifndef HARENA_COMPILER_H
#define HARENA_COMPILER_H

#ifndef __has_attribute
#define __has_attribute(attribute) 0
#endif

#if defined(__GNUC__)
#define HARENA_API __attribute__((visibility("default")))
#define HARENA_ATTRIBUTE(...) __attribute__((__VA_ARGS__))
/* C99 inline: compiled in place, with one real symbol in the library for function pointers. */
#define HARENA_INLINE HARENA_API inline
/* Never inlined, not even at link time: the return address leads to the caller. */
#define HARENA_OUT_OF_LINE HARENA_API __attribute__((noinline))
#define HARENA_LIKELY(condition) __builtin_expect(!!(condition), 1)
/* Seldom called: to who calls the function. The library itself, which says -DHARENA_COLD=, would
 * compile it for size and among other cold code. */
#ifndef HARENA_COLD
#define HARENA_COLD cold
#endif
/* Nothing, placed behind a call: a call that something follows is not made into a jump, so the
 * caller keeps its frame and is found in the stack of a report. */
#define HARENA_KEEP_FRAME() __asm__ volatile("")
#define HARENA_IS_CONSTANT(value) __builtin_constant_p(value)
#else
#define HARENA_API
#define HARENA_ATTRIBUTE(...)
#define HARENA_INLINE inline
#define HARENA_OUT_OF_LINE
#define HARENA_LIKELY(condition) (condition)
#define HARENA_KEEP_FRAME() ((void)0)
#define HARENA_IS_CONSTANT(value) 0
#endif

/* gcc pairs an allocator with its deallocator; clang refuses the argument. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define HARENA_CLOSED_BY(function) __attribute__((malloc, malloc(function, 1)))
#else
#define HARENA_CLOSED_BY(function) HARENA_ATTRIBUTE(malloc)
#endif

/* What is returned must not outlive the object that this parameter points at. clang up to 19 knows
 * the attribute in C only to ignore it, with a warning. */
#if __has_attribute(lifetimebound) && \
    (defined(__cplusplus) || (defined(__clang_major__) && __clang_major__ >= 23))
#define HARENA_LIFETIMEBOUND __attribute__((lifetimebound))
#else
#define HARENA_LIFETIMEBOUND
#endif

/* Sizes are meant to wrap in the one compare of the inline allocation. */
#if defined(__clang__)
#define HARENA_WRAPS __attribute__((no_sanitize("unsigned-integer-overflow")))
#else
#define HARENA_WRAPS
#endif

#ifdef __cplusplus
#define HARENA_ALIGNOF(type) alignof(type)
#define HARENA_STATIC_ASSERT(condition, message) static_assert(condition, message)
#define HARENA_BEGIN_C extern "C" {
#define HARENA_END_C }
#else
#define HARENA_ALIGNOF(type) _Alignof(type)
#define HARENA_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#define HARENA_BEGIN_C
#define HARENA_END_C
#endif

#endif
