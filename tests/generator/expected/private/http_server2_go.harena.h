/* The view of HTTPServer2Go, written by harena-gen from private.c: what is changed here is lost. */
#ifndef HTTP_SERVER2_GO_HARENA_H
#define HTTP_SERVER2_GO_HARENA_H

#include <harena/view.h>

HARENA_VIEW(http_server2_go, HTTPServer2Go)

#endif
