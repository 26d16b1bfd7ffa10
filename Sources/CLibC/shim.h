#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>

// Has the kernel begin to write what a file has in memory, and does not wait: sync_file_range of it all, which glibc declares under
// _GNU_SOURCE alone. Of no consequence where it fails.
static inline void varlab_begin_write_back(int descriptor) {
#ifdef SYS_sync_file_range
    syscall(SYS_sync_file_range, descriptor, 0L, 0L, 2 /* SYNC_FILE_RANGE_WRITE */);
#endif
}
#endif
