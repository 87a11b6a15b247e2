/*
 * pyroscope_none: questions of Pyroscope's readers about what this server has none of: settings of
 * its pages, recording rules, uploads, flags of features. The answer is an empty list, so that who
 * asks goes on without.
 */
#ifndef SERVER_PYROSCOPE_NONE_H
#define SERVER_PYROSCOPE_NONE_H

#include "server/connect.h"

extern const struct connect_method pyroscope_none_list;

#endif
