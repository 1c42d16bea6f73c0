#if defined(__GNUC__)
#endif
