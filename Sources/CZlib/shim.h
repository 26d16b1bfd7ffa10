#include <zlib.h>

// A macro in zlib: decompression of a deflate stream without a wrapper, as zip files hold it.
static inline int varlab_inflate_init_raw(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
