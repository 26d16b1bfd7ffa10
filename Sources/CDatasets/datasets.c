#include "CDatasets.h"

// #embed is C23; clang has it in every language mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char digits[] = {
#embed "Files/digits.csv"
};

static const unsigned char theta0_noise[] = {
#embed "Files/theta0_noise.npy"
};

static const unsigned char adam_warmup[] = {
#embed "Files/adam_warmup.npy"
};

static const unsigned char de_en[] = {
#embed "Files/de-en.tsv"
};

static const unsigned char fashion_training_images[] = {
#embed "Files/fashion/train-images-idx3-ubyte.gz"
};

static const unsigned char fashion_training_labels[] = {
#embed "Files/fashion/train-labels-idx1-ubyte.gz"
};

static const unsigned char fashion_test_images[] = {
#embed "Files/fashion/t10k-images-idx3-ubyte.gz"
};

static const unsigned char fashion_test_labels[] = {
#embed "Files/fashion/t10k-labels-idx1-ubyte.gz"
};

varlab_dataset varlab_dataset_digits(void) { return (varlab_dataset){digits, sizeof digits}; }

varlab_dataset varlab_dataset_theta0_noise(void) { return (varlab_dataset){theta0_noise, sizeof theta0_noise}; }

varlab_dataset varlab_dataset_adam_warmup(void) { return (varlab_dataset){adam_warmup, sizeof adam_warmup}; }

varlab_dataset varlab_dataset_de_en(void) { return (varlab_dataset){de_en, sizeof de_en}; }

varlab_dataset varlab_dataset_fashion_training_images(void) {
    return (varlab_dataset){fashion_training_images, sizeof fashion_training_images};
}

varlab_dataset varlab_dataset_fashion_training_labels(void) {
    return (varlab_dataset){fashion_training_labels, sizeof fashion_training_labels};
}

varlab_dataset varlab_dataset_fashion_test_images(void) {
    return (varlab_dataset){fashion_test_images, sizeof fashion_test_images};
}

varlab_dataset varlab_dataset_fashion_test_labels(void) {
    return (varlab_dataset){fashion_test_labels, sizeof fashion_test_labels};
}
