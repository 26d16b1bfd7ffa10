#include <zlib.h>

// Macros in zlib: decompression of a deflate stream without a wrapper, as zip files hold it, and of a gzip file.
static inline int varlab_inflate_init_raw(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }

static inline int varlab_inflate_init_gzip(z_stream *stream) { return inflateInit2(stream, MAX_WBITS + 16); }
