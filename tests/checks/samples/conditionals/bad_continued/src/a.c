int first; /* the directive
  below is real */
# \
  ifdef NAME
int second;
# endif
