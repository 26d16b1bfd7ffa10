#include <openssl/crypto.h>
#include <openssl/evp.h>

// A macro with a cast, which Swift cannot see.
static inline uint64_t varlab_no_cleanup_at_exit(void) { return OPENSSL_INIT_NO_ATEXIT; }
