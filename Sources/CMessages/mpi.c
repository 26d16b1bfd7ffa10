// MPI as varlab needs it: mpicc -shared -fPIC mpi.c -o varlab-mpi.so
//
// In a package build it is empty unless the trait MPI is on.
#if !defined(SWIFT_PACKAGE) || defined(VARLAB_MPI)
#define _POSIX_C_SOURCE 200809L  // nanosleep, also where the compiler keeps to ISO C
#include <mpi.h>
#include <stdlib.h>
#include <time.h>
#include "include/varlab_messages.h"

// Counts of MPI are of 32 bits: longer messages go in pieces.
#ifndef VARLAB_PIECE
#define VARLAB_PIECE (1 << 30)
#endif
enum { LENGTH, READY, BYTES, REPORT };

static int rank, size;
// Of each rank, at rank 0; at the others their own report on its way.
static int64_t (*reports)[2], outgoing[2];
static MPI_Request request = MPI_REQUEST_NULL;

// MPI waits by spinning, and takes a core from another rank's work; so it is asked, ever less often, down to 50 times a second.
static void rest(long *nanoseconds) {
    nanosleep(&(struct timespec){0, *nanoseconds}, NULL);
    *nanoseconds = *nanoseconds < 10000000 ? 2 * *nanoseconds : 20000000;
}

static void complete(MPI_Request *started) {
    long pause = 1000;
    for (int done = 0; MPI_Test(started, &done, MPI_STATUS_IGNORE), !done;) rest(&pause);
}

static int32_t start(int32_t *own, int32_t *count) {
    int level;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    reports = calloc((size_t)size, sizeof *reports);
    *own = rank, *count = size;
    return level < MPI_THREAD_SERIALIZED || !reports;
}

static const char *library(void) {
    static char name[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;
    MPI_Get_library_version(name, &length);
    return name;
}

// The receiver is maybe still at work: until it is ready, waiting is idle; then both sides are at it, and MPI may spin.
static void send(int32_t to, const void *bytes, uint64_t count) {
    MPI_Request ready;
    MPI_Irecv(NULL, 0, MPI_BYTE, to, READY, MPI_COMM_WORLD, &ready);
    MPI_Send(&count, 1, MPI_UINT64_T, to, LENGTH, MPI_COMM_WORLD);
    complete(&ready);
    for (uint64_t at = 0; at < count; at += VARLAB_PIECE) {
        int piece = (int)(count - at < VARLAB_PIECE ? count - at : VARLAB_PIECE);
        MPI_Send((const char *)bytes + at, piece, MPI_BYTE, to, BYTES, MPI_COMM_WORLD);
    }
}

static uint64_t await(int32_t from) {
    uint64_t count;
    MPI_Request received;
    MPI_Irecv(&count, 1, MPI_UINT64_T, from, LENGTH, MPI_COMM_WORLD, &received);
    complete(&received);
    return count;
}

static void receive(int32_t from, void *bytes, uint64_t count) {
    MPI_Send(NULL, 0, MPI_BYTE, from, READY, MPI_COMM_WORLD);
    for (uint64_t at = 0; at < count; at += VARLAB_PIECE) {
        int piece = (int)(count - at < VARLAB_PIECE ? count - at : VARLAB_PIECE);
        MPI_Recv((char *)bytes + at, piece, MPI_BYTE, from, BYTES, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

static void barrier(void) {
    MPI_Request passed;
    MPI_Ibarrier(MPI_COMM_WORLD, &passed);
    complete(&passed);
}

static void report(int64_t finished, int32_t is_last) {
    if (rank == 0) {
        reports[0][0] = finished, reports[0][1] = is_last;
        return;
    }
    int done;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (!done && !is_last) return;
    complete(&request);
    outgoing[0] = finished, outgoing[1] = is_last;
    MPI_Isend(outgoing, 2, MPI_INT64_T, 0, REPORT, MPI_COMM_WORLD, &request);
    if (is_last) complete(&request);
}

static int64_t reported(int32_t *unfinished) {
    MPI_Status status;
    for (int there; MPI_Iprobe(MPI_ANY_SOURCE, REPORT, MPI_COMM_WORLD, &there, &status), there;)
        MPI_Recv(reports[status.MPI_SOURCE], 2, MPI_INT64_T, status.MPI_SOURCE, REPORT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    int64_t sum = 0;
    *unfinished = 0;
    for (int i = 0; i < size; i++) sum += reports[i][0], *unfinished += !reports[i][1];
    return sum;
}

static void finish(void) {
    // MPICH 4.0 over UCX's TCP does not end where one rank comes here well before another: first idly, then at the same moment.
    barrier();
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Finalize();
    free(reports);
}

static void end(int32_t status) { MPI_Abort(MPI_COMM_WORLD, status); }

const struct varlab_messages *varlab_messages_plugin(void) {
    static const struct varlab_messages table = {VARLAB_MESSAGES_VERSION, start, library, send, await, receive, barrier, report, reported,
                                                 finish, end};
    return &table;
}
#else
typedef int varlab_no_mpi;
#endif
