typedef long hook_state;
