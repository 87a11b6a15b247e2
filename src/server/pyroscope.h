/*
 * pyroscope: Pyroscope's API for readers, as Grafana's data source and Profiles Drilldown call it.
 *
 *     POST /querier.v1.QuerierService/METHOD    Connect, protobuf and JSON
 *     GET  /render, /render-diff, /label-values    also below /pyroscope (pyroscope_render.h)
 */
#ifndef SERVER_PYROSCOPE_H
#define SERVER_PYROSCOPE_H

#include "server/router.h"
#include "store/store.h"

struct pyroscope {
	struct store *store; /* borrowed */
};

struct router_table pyroscope_table(struct pyroscope *pyroscope);

#endif
