/*
 * ways_in_grpc: OpenTelemetry's profiles over gRPC, at an address of its own.
 *
 *     opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export
 *
 * The same as over HTTP (ways_in_otlp.h): who may send is in the header authorization, the tenant
 * in x-scope-orgid. A refusal has a google.rpc.Status in grpc-status-details-bin, which says when
 * to come again, if that makes sense.
 */
#ifndef SERVER_WAYS_IN_GRPC_H
#define SERVER_WAYS_IN_GRPC_H

#include "net/tls_files.h"
#include "server/gatekeeper.h"
#include "server/ways_in.h"

struct ways_in_grpc;

struct ways_in_grpc_options {        /* all pointers are borrowed and outlive it */
	int fd;                      /* listening; taken, also on failure */
	const struct tls_files *tls; /* NULL = none; needed for the start alone */
	struct ways_in *ways;
	struct intake *intake;
	struct gatekeeper *gatekeeper;
	struct journal *journal;
	struct metrics *metrics;
	bool multi_tenant;
	unsigned threads, drain_ms;
	size_t messages_max; /* bytes of all messages in memory */
};

int ways_in_grpc_start(
	const struct ways_in_grpc_options *options, struct ways_in_grpc **ret, struct err *err);

/* Messages may have as many bytes as the intake's limits say now. */
void ways_in_grpc_reload(struct ways_in_grpc *grpc);

/* Everything that came is answered first. NULL is fine. */
void ways_in_grpc_stop(struct ways_in_grpc *grpc);

#endif
