typedef int hook_state;
