/* Times harena beside a hand-written bump allocator, malloc and the bare touching of memory, and
 * holds the ratios against the goals. Timings never fail: the exit status is 0 unless the arguments
 * are wrong. See README.md. */
#include "measure.h"

#include <getopt.h>
#include <harena/debug.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct arguments {
  struct plan plan;
  enum mode mode;
  const char *workload; /* NULL: all */
  int cpu;
  bool json, large;
};

static const struct {
  const char *name;
  enum mode mode;
  const char *base; /* the contender that the others are compared with */
} modes[] = {{"release", RELEASE, "hand"},
             {"alone", ALONE, "malloc"},
             {"asan", ASAN, "malloc"},
             {"memcheck", MEMCHECK, "malloc"}};
enum { MODES = sizeof modes / sizeof *modes };

static const char usage_text[] =
    "Usage: ratios [--rounds N] [--seed N] [--cpu N] [--workload NAME] [--contenders NAME,...]\n"
    "              [--mode release|alone|asan|memcheck] [--scale N] [--large] [--json]\n"
    "\n"
    "  --rounds N         interleaved rounds, 1 to 101 (default 11; the goals need 9)\n"
    "  --seed N           of the order of contenders in each round (default 1)\n"
    "  --cpu N            run on this CPU (default: the last one)\n"
    "  --workload NAME    only this one\n"
    "  --contenders LIST  only these\n"
    "  --mode MODE        which goals: of the release library, or of the instrumented one\n"
    "                     alone, under AddressSanitizer, under memcheck (default release)\n"
    "  --scale N          do 1/N of the work, for slow tools (default 1)\n"
    "  --large            also touch 1 GB\n"
    "  --json             one object per line and figure\n"
    "\n";

static void list_names(FILE *stream) {
  fputs("Workloads:\n", stream);
  for (size_t i = 0; i < workloads_count; i++) {
    fprintf(stream, "  %-15s %s\n", workloads[i].name, workloads[i].description);
  }
  fputs("Contenders:", stream);
  for (size_t i = 0; i < CONTENDERS; i++) {
    fprintf(stream, " %s%s", contenders[i].name, contenders[i].passes == NULL ? " (not here)" : "");
  }
  fputc('\n', stream);
}

_Noreturn static void refuse(const char *option, const char *value, const char *expected) {
  fprintf(stderr, "ratios: --%s %s: expected %s\n", option, value, expected);
  exit(2);
}

static uint64_t parse_number(const char *option, const char *text, uint64_t lowest,
                             uint64_t highest) {
  char *end, expected[80];
  uint64_t number = strtoull(text, &end, 10);
  snprintf(expected, sizeof expected, "a number from %" PRIu64 " to %" PRIu64, lowest, highest);
  if (*text < '0' || *text > '9' || *end != '\0' || number < lowest || number > highest) {
    refuse(option, text, expected);
  }
  return number;
}

static enum mode parse_mode(const char *text) {
  for (size_t i = 0; i < MODES; i++) {
    if (strcmp(text, modes[i].name) == 0) {
      return modes[i].mode;
    }
  }
  refuse("mode", text, "release, alone, asan or memcheck");
}

static unsigned parse_contender(const char *text, size_t length) {
  for (size_t i = 0; i < CONTENDERS; i++) {
    if (strlen(contenders[i].name) == length && strncmp(contenders[i].name, text, length) == 0 &&
        contenders[i].passes != NULL) {
      return 1U << i;
    }
  }
  refuse("contenders", text, "names from --help that are here, separated by commas");
}

static unsigned parse_contenders(const char *text) {
  unsigned chosen = 0;
  for (;;) {
    size_t length = strcspn(text, ",");
    chosen |= parse_contender(text, length);
    if (text[length] == '\0') {
      return chosen;
    }
    text += length + 1;
  }
}

static const char *parse_workload(const char *text) {
  for (size_t i = 0; i < workloads_count; i++) {
    if (strcmp(text, workloads[i].name) == 0) {
      return text;
    }
  }
  refuse("workload", text, "a name from --help");
}

_Noreturn static void help(void) {
  fputs(usage_text, stdout);
  list_names(stdout);
  exit(0);
}

static struct arguments parse_arguments(int count, char **words) {
  static const struct option options[] = {{"rounds", required_argument, NULL, 'r'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"cpu", required_argument, NULL, 'c'},
                                          {"workload", required_argument, NULL, 'w'},
                                          {"contenders", required_argument, NULL, 'C'},
                                          {"mode", required_argument, NULL, 'm'},
                                          {"scale", required_argument, NULL, 'S'},
                                          {"large", no_argument, NULL, 'l'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  struct arguments parsed = {
      .plan = {.rounds = 11, .seed = 1, .scale = 1, .contenders = (1U << CONTENDERS) - 1},
      .mode = RELEASE,
      .cpu = -1};
  for (int option; (option = getopt_long(count, words, "", options, NULL)) != -1;) {
    switch (option) {
      case 'r':
        parsed.plan.rounds = parse_number("rounds", optarg, 1, MOST_ROUNDS);
        break;
      case 's':
        parsed.plan.seed = parse_number("seed", optarg, 1, UINT64_MAX);
        break;
      case 'c':
        parsed.cpu = (int)parse_number("cpu", optarg, 0, 4095);
        break;
      case 'w':
        parsed.workload = parse_workload(optarg);
        break;
      case 'C':
        parsed.plan.contenders = parse_contenders(optarg);
        break;
      case 'm':
        parsed.mode = parse_mode(optarg);
        break;
      case 'S':
        parsed.plan.scale = parse_number("scale", optarg, 1, 1000000);
        break;
      case 'l':
        parsed.large = true;
        break;
      case 'j':
        parsed.json = true;
        break;
      case 'h':
        help();
      default:
        fputs(usage_text, stderr);
        exit(2);
    }
  }
  if (optind < count) {
    fprintf(stderr, "ratios: %s: expected options only, see --help\n", words[optind]);
    exit(2);
  }
  return parsed;
}

static bool is_chosen(const struct workload *workload, const struct arguments *arguments) {
  if (arguments->workload != NULL) {
    return strcmp(workload->name, arguments->workload) == 0;
  }
  return (workload->modes & arguments->mode) && (arguments->large || !workload->large);
}

static const char *base_name(enum mode mode) {
  for (size_t i = 0; i < MODES; i++) {
    if (modes[i].mode == mode) {
      return modes[i].base;
    }
  }
  return "";
}

static const struct series *find_series(const struct series series[CONTENDERS], const char *name) {
  for (size_t i = 0; i < CONTENDERS; i++) {
    if (strcmp(contenders[i].name, name) == 0 && series[i].rounds > 0) {
      return &series[i];
    }
  }
  return NULL;
}

/* A quantile of the paired ratio to another contender, -1 when there is nothing to compare with. */
static double ratio_to(const struct series *of, const struct series series[CONTENDERS],
                       const char *name, double part) {
  const struct series *against = find_series(series, name);
  if (against == NULL || median(against->figure, against->rounds) <= 0) {
    return -1;
  }
  return paired_quantile(of, against, part);
}

static const char *const goal_against[] = {
    [TIMES_HAND] = "hand", [TIMES_TOUCH] = "touch", [TIMES_MALLOC] = "malloc"};

/* The figure that a goal is about, or -1. */
static double goal_figure(const struct goal *goal, const struct series *of,
                          const struct series series[CONTENDERS]) {
  if (goal->unit == ABSOLUTE) {
    return median(of->figure, of->rounds);
  }
  return ratio_to(of, series, goal_against[goal->unit], 0.5);
}

static bool is_about(const struct goal *goal, const struct workload *workload, size_t contender,
                     enum mode mode) {
  return strcmp(goal->workload, workload->name) == 0 &&
         (unsigned)goal->contender == 1U << contender && goal->mode == mode;
}

static const char *verdict(double figure, double bound) {
  return figure < 0 ? "not measured" : figure <= bound ? "met" : "NOT MET";
}

static void print_goal(const struct goal *goal, double figure) {
  if (goal->unit == ABSOLUTE) {
    printf("  <= %g ns: %s", goal->bound, verdict(figure, goal->bound));
  } else
    printf("  <= %g x %s: %s", goal->bound, goal_against[goal->unit], verdict(figure, goal->bound));
}

static void print_row(const struct workload *workload, size_t contender,
                      const struct series series[CONTENDERS], enum mode mode) {
  const struct series *of = &series[contender];
  const char *base = base_name(mode);
  printf("  %-13s %9.2f %9.2f %s %8.2f  %5.2f-%-6.2f %7.0f", contenders[contender].name,
         lowest(of->figure, of->rounds), median(of->figure, of->rounds),
         workload->two_threads ? "x " : "ns", ratio_to(of, series, base, 0.5),
         ratio_to(of, series, base, 0.25), ratio_to(of, series, base, 0.75),
         median(of->faults, of->rounds));
  for (size_t i = 0; i < goals_count; i++) {
    if (is_about(&goals[i], workload, contender, mode)) {
      print_goal(&goals[i], goal_figure(&goals[i], of, series));
    }
  }
  putchar('\n');
}

static void print_table(const struct workload *workload, const struct series series[CONTENDERS],
                        enum mode mode) {
  char ratio_title[16];
  snprintf(ratio_title, sizeof ratio_title, "to %s", base_name(mode));
  printf("%s: %s\n  %-13s %9s %9s    %8s  %-12s %7s  goal\n", workload->name, workload->description,
         "", "fastest", "median", ratio_title, "  quartiles", "faults");
  for (size_t i = 0; i < CONTENDERS; i++) {
    if (series[i].rounds > 0) {
      print_row(workload, i, series, mode);
    }
  }
  fflush(stdout);
}

/* First quartile, median, third quartile; null when there is nothing to compare with. */
static void print_json_ratios(const struct series *of, const struct series series[CONTENDERS],
                              const char *base) {
  if (ratio_to(of, series, base, 0.5) < 0) {
    printf("null");
  } else
    printf("[%.4f, %.4f, %.4f]", ratio_to(of, series, base, 0.25), ratio_to(of, series, base, 0.5),
           ratio_to(of, series, base, 0.75));
}

static void print_json_goals(const struct workload *workload, size_t contender,
                             const struct series series[CONTENDERS], enum mode mode) {
  const char *separator = "";
  for (size_t i = 0; i < goals_count; i++) {
    if (!is_about(&goals[i], workload, contender, mode)) {
      continue;
    }
    double figure = goal_figure(&goals[i], &series[contender], series);
    printf("%s{\"against\": \"%s\", \"bound\": %g, \"verdict\": \"%s\"}", separator,
           goals[i].unit == ABSOLUTE ? "" : goal_against[goals[i].unit], goals[i].bound,
           verdict(figure, goals[i].bound));
    separator = ", ";
  }
}

static void print_json(const struct workload *workload, const struct series series[CONTENDERS],
                       enum mode mode) {
  for (size_t i = 0; i < CONTENDERS; i++) {
    if (series[i].rounds == 0) {
      continue;
    }
    printf(
        "{\"workload\": \"%s\", \"contender\": \"%s\", \"rounds\": %zu, \"unit\": \"%s\", "
        "\"fastest\": %.4f, \"median\": %.4f, \"faults\": %.0f, \"base\": \"%s\", \"ratios\": ",
        workload->name, contenders[i].name, series[i].rounds,
        workload->two_threads ? "slow-down" : "ns", lowest(series[i].figure, series[i].rounds),
        median(series[i].figure, series[i].rounds), median(series[i].faults, series[i].rounds),
        base_name(mode));
    print_json_ratios(&series[i], series, base_name(mode));
    printf(", \"goals\": [");
    print_json_goals(workload, i, series, mode);
    printf("]}\n");
  }
  fflush(stdout);
}

/* For scripts that run one contender per process. */
static void print_peak(bool json) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  printf(json ? "{\"peak_resident_kb\": %ld}\n" : "peak resident memory: %ld KB\n",
         usage.ru_maxrss);
}

/* Figures of the release library beside the goals of the instrumented one would look splendid. */
static void check_library(enum mode mode) {
  bool wanted = mode != RELEASE;
  if (harena_instrumented() != wanted) {
    fprintf(stderr, "ratios: --mode %s expects the %s library; the one loaded is the other\n",
            wanted ? "alone, asan or memcheck" : "release", wanted ? "instrumented" : "release");
    exit(2);
  }
}

int main(int count, char **words) {
  static struct series series[CONTENDERS];
  struct arguments arguments = parse_arguments(count, words);
  check_library(arguments.mode);
  if (!pin_to_cpu(arguments.cpu)) {
    fputs("ratios: not pinned to a CPU, expect noise\n", stderr);
  }
  make_size_tables();
  for (size_t i = 0; i < workloads_count; i++) {
    if (!is_chosen(&workloads[i], &arguments)) {
      continue;
    }
    measure(&workloads[i], &arguments.plan, series);
    (arguments.json ? print_json : print_table)(&workloads[i], series, arguments.mode);
  }
  print_peak(arguments.json);
  return 0;
}
