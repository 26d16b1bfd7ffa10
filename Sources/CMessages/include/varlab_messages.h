// Messages between the processes of one run: the contract between varlab and a plug-in that speaks a cluster's MPI.
//
// MPI has no common binary interface, and clusters differ in it. So varlab itself knows no MPI: it loads a plug-in, mpi.c, compiled by the
// cluster's own mpicc. A plug-in for another way of sending bytes exports the same function.
#ifndef VARLAB_MESSAGES_H
#define VARLAB_MESSAGES_H

#include <stdint.h>

// Changes with anything below. The version stays the first member in every version.
#define VARLAB_MESSAGES_VERSION 1

// Processes are called ranks, 0 to size-1. Calls come from one thread at a time, from any thread. A call that cannot do its work ends all
// processes, as MPI does by default; only `start` says so.
struct varlab_messages {
    uint32_t version;
    // Before every other call, once. Returns 0; or 1 where the library cannot serve a program with threads.
    int32_t (*start)(int32_t *rank, int32_t *size);
    // The library's name and version; static storage.
    const char *(*library)(void);
    // A message of any length. Returns when the bytes may be changed.
    void (*send)(int32_t to, const void *bytes, uint64_t count);
    // Waits for the next message of a rank, and returns its length; then the bytes are to be received. Waiting takes no processor time.
    uint64_t (*await)(int32_t from);
    void (*receive)(int32_t from, void *bytes, uint64_t count);
    // Returns when all ranks have called it.
    void (*barrier)(void);
    // Tells rank 0 how much this rank has finished; does not wait, and is forgotten where an earlier one is still on its way. The last one,
    // which each rank sends once, waits and is never forgotten.
    void (*report)(int64_t finished, int32_t is_last);
    // At rank 0: the sum of what the ranks have said last, and how many have not yet sent their last one. Does not wait.
    int64_t (*reported)(int32_t *unfinished);
    // After every other call. Rank 0 has seen the last report of every rank by then.
    void (*finish)(void);
    // Ends all processes, this one too, with an exit status.
    void (*abort)(int32_t status);
};

// What a plug-in exports. Static storage.
const struct varlab_messages *varlab_messages_plugin(void);

#endif
