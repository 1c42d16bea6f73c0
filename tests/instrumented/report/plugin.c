/* A shared library that is loaded while the program runs. */
void plugin_landmark(void (*visit)(void));

void plugin_landmark(void (*visit)(void)) {
  visit();
  __asm__ volatile("");
}
