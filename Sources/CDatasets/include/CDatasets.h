// The files of Files/ as bytes in the binary, so that an installed `varlab` needs no folder beside it. Files/README.md
// names the source and the licence of each.
#ifndef VARLAB_CDATASETS_H
#define VARLAB_CDATASETS_H

#include <stddef.h>

typedef struct {
    const unsigned char *_Nonnull bytes;
    size_t count;
} varlab_dataset;

/// 1,797 handwritten digits: 64 pixels (0-16) and the label a line.
varlab_dataset varlab_dataset_digits(void);

/// Gradients of a Transformer at its initial parameters: an .npy of float32, [500 steps, 64 coordinates].
varlab_dataset varlab_dataset_theta0_noise(void);

/// The same along the first 500 steps of Adam with warmup.
varlab_dataset varlab_dataset_adam_warmup(void);

/// 31,382 German-English sentences and phrases: German, a tab, English a line, as words separated by single spaces.
varlab_dataset varlab_dataset_de_en(void);

/// 12,000 images of clothing, 14×14 pixels, from Fashion-MNIST: an IDX file, compressed by gzip.
varlab_dataset varlab_dataset_fashion_training_images(void);

/// Their labels, likewise.
varlab_dataset varlab_dataset_fashion_training_labels(void);

/// 2,000 images for testing.
varlab_dataset varlab_dataset_fashion_test_images(void);

/// Their labels.
varlab_dataset varlab_dataset_fashion_test_labels(void);

#endif
