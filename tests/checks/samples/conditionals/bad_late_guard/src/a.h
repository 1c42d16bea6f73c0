#ifndef FIRST_H
#define FIRST_H
#ifndef SECOND
#define SECOND
#endif
#endif
