# kinds: every kind of profile at once, for programs that know nothing of it; to be sourced. kinds.h is the same for
# programs that are linked with the library.

# with_kinds LIBRARY FOLDER NAME COMMAND…: FOLDER/NAME.pb.gz becomes its CPU profile; it serves and pushes, too.
# With kinds_heap empty, all kinds but the heap; it serves at kinds_http, if that is set.
with_kinds() {
	local so=$1 folder=$2 name=$3
	shift 3
	LD_PRELOAD=$so FLYOVER_CPUPROFILE=$folder/$name.pb.gz FLYOVER_HTTP=${kinds_http-unix:$folder/%p.sock} \
		FLYOVER_LOCKS=1 FLYOVER_BLOCKPROFILE=$folder/$name.block FLYOVER_WALLPROFILE=$folder/$name.wall \
		FLYOVER_HEAPPROFILE=${kinds_heap-$folder/$name.heap} FLYOVER_HEAPRATE=${kinds_heap-16384} \
		FLYOVER_PUSH=unix:/nowhere FLYOVER_PUSH_INTERVAL=1 "$@"
}

# has_samples FOLDER NAME: whether a profile with samples was left.
has_samples() {
	ls "$1/$2".pb.gz* >/dev/null && gzip -dc "$1/$2".pb.gz* | grep -a 'attempted=[1-9]' >/dev/null
}

# as_nobody COMMAND…: as a user who owns nothing.
as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups "$@"; }

# others_run: whether such a user can run programs here, which takes a root folder that others may search. Says why not.
others_run() {
	local why
	why=$(as_nobody true 2>&1) && return
	echo "other users can run no program here: ${why:-setpriv failed} (/ has mode $(stat -c %a /))"
	return 1
}
