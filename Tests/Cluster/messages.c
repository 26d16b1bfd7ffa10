// The contract of varlab_messages.h, tried on a plug-in without varlab: cc messages.c -ldl -o messages; mpirun -n 3 ./messages ./varlab-mpi.so
//
// Every rank sends messages of many lengths to every other; reports are counted; then rank 0 prints one line. "messages PLUGIN fail K" ends
// by abort(K) of the last rank, "messages PLUGIN sleep S" waits so many seconds in the middle, as work does.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../Sources/CMessages/include/varlab_messages.h"

static void check(int good, const char *what) {
    if (good) return;
    fprintf(stderr, "messages: %s\n", what);
    _exit(70);
}

static unsigned char expected(int from, int to, uint64_t i) { return (unsigned char)(31 * from + 7 * to + i % 251); }

int main(int argc, char **argv) {
    check(argc > 1, "a plug-in is needed");
    void *handle = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    check(handle != NULL, dlerror());
    const struct varlab_messages *(*plugin)(void) = (const struct varlab_messages *(*)(void))dlsym(handle, "varlab_messages_plugin");
    check(plugin && plugin()->version == VARLAB_MESSAGES_VERSION, "not a plug-in of this version");
    const struct varlab_messages *m = plugin();
    int32_t rank, size;
    check(m->start(&rank, &size) == 0, "start");
    char host[64];
    gethostname(host, sizeof host);
    fprintf(stderr, "rank %d of %d on %s\n", rank, size, host);

    const char *what = argc > 3 ? argv[2] : "";
    if (!strcmp(what, "fail") && rank == size - 1) m->abort(atoi(argv[3]));
    for (int i = 0; i < 100; i++) m->report(i, 0);
    if (!strcmp(what, "sleep")) usleep((useconds_t)(1e6 * atof(argv[3])));
    m->report(1000 + rank, 1);
    if (rank == 0) {
        int32_t unfinished;
        int64_t sum;
        while (sum = m->reported(&unfinished), unfinished > 0) usleep(1000);
        check(sum == 1000 * (int64_t)size + size * (size - 1) / 2, "reports");
    }
    const uint64_t lengths[] = {0, 1, 999, 1000, 1001, 123456, 5000000};
    uint64_t total = 0;
    for (unsigned k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        unsigned char *bytes = malloc(lengths[k] + 1);
        for (int from = 0; from < size; from++)
            for (int to = 0; to < size; to++) {
                if (from == to) continue;
                if (rank == from) {
                    for (uint64_t i = 0; i < lengths[k]; i++) bytes[i] = expected(from, to, i);
                    m->send(to, bytes, lengths[k]);
                } else if (rank == to) {
                    check(m->await(from) == lengths[k], "length");
                    m->receive(from, bytes, lengths[k]);
                    for (uint64_t i = 0; i < lengths[k]; i++) check(bytes[i] == expected(from, to, i), "bytes");
                }
                total += lengths[k];
            }
        free(bytes);
        m->barrier();
    }
    char name[80];
    snprintf(name, sizeof name, "%s", m->library());
    name[strcspn(name, ",\n")] = 0;
    m->finish();
    if (rank == 0) printf("%d ranks, %llu bytes by %s\n", size, (unsigned long long)total, name);
    return 0;
}
