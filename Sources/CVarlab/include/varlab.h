/*
 * varlab's numbers for other languages: the contract of the dynamic library `varlabc`.
 *
 * Every call returns a varlab_status. Nothing it is given may end the process: null pointers, negative counts, sizes beyond VARLAB_LONGEST and
 * values outside a formula's domain are refused with a status and, in the call's own buffer, a message. Arrays belong to the caller, stay where
 * they are during the call, have `count` elements each and may not overlap. Any number of threads may call at once; two calls on one optimizer
 * wait for each other.
 *
 * A number that is not defined is NaN, an infinite moment is infinite. Units, domains and formulas are those of the documentation of the Swift
 * library, whose very functions are called.
 */
#ifndef VARLAB_H
#define VARLAB_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with every change that an older caller would not survive. */
#define VARLAB_ABI 1

/* The most elements of an array. */
#define VARLAB_LONGEST 2147483648LL

/* What a call ends with. */
#define VARLAB_OK 0
/* A parameter outside its domain; the message is "parameter\tvalue\trule". */
#define VARLAB_PARAMETER 1
/* A numerical routine did not reach its result. */
#define VARLAB_COMPUTATION 2
/* The caller asked the call to end. */
#define VARLAB_CANCELLED 3
/* A null pointer, a negative or absurd count, text that is no UTF-8, an unknown optimizer: the caller's own mistake. */
#define VARLAB_MISUSE 4

typedef int32_t varlab_status;

/* What every call is told beside its arguments; a null pointer stands for one thread, no cancelling and no message. */
typedef struct varlab_call {
    /* At most so many threads work, from 1 on; the numbers do not depend on it. With 1 none is started. */
    int32_t threads;
    /* From 0 to the size of `message`. */
    int32_t message_capacity;
    /* Null, or a flag that another thread may set to anything but 0 to end the call. */
    const int32_t *cancelled;
    /* Null, or room for UTF-8 that ends with 0, cut to the capacity. */
    char *message;
} varlab_call;

/* What the gradients are, and how v_t weighs their squares. A null pointer stands for independent N(mu, 1) under Adam's weights. */
typedef struct varlab_process {
    /* Null for normal, or one of the command's forms but trace:FILE, such as "student-t:3"; ignored where there are samples. */
    const char *gradients;
    /* Null, or recorded values: series of `series_length` steps each, one after the other. */
    const double *samples;
    int64_t sample_count;
    int64_t series_length;
    /* r in (-1, 1) of normal gradients. */
    double autocorrelation;
    /* Null, or a scale and a mean for each step, the oldest first. */
    const double *scales;
    int64_t scale_count;
    const double *means;
    int64_t mean_count;
    /* Null for Adam's, or one of the command's forms, such as "adafactor:0.8"; ignored where there is a list. */
    const char *weights;
    /* Null, or w_0, w_1, ..., the newest first. */
    const double *weight_list;
    int64_t weight_count;
} varlab_process;

/* VARLAB_ABI of the library. */
int32_t varlab_abi(void);

/* rho_t of the centre of mass, and Satterthwaite's nu_t. */
varlab_status varlab_rho(const varlab_call *call, int64_t count, const double *beta2, const int64_t *t, double *rho);
varlab_status varlab_satterthwaite(const varlab_call *call, int64_t count, const double *beta2, const int64_t *t, double *nu);

/* Var[psi] at rho degrees of freedom and tau = 1: Eq. 2 of the paper, infinite for rho <= 2, and Eq. 5, NaN for rho <= 4. */
varlab_status varlab_closed_form_variance(const varlab_call *call, int64_t count, const double *rho, double *variance);
varlab_status varlab_first_order_variance(const varlab_call *call, int64_t count, const double *rho, double *variance);

/* By which variance r_t is computed. */
#define VARLAB_FIRST_ORDER 0
#define VARLAB_CLOSED_FORM 1
#define VARLAB_EXACT 2

/* r_t; NaN where there is none. The threshold of rho_t, with rho_t = threshold rectified or not, is for the first order alone; the process, of
   which scales, means and weights are refused, for the exact one. */
varlab_status varlab_rectification(
    const varlab_call *call, const varlab_process *process, int32_t formula, double threshold, int32_t includes_threshold, int64_t count,
    const double *beta2, const int64_t *t, double *factor);

/* E[psi_t], E[psi_t^2] and Var[psi_t] of psi_t = 1/(sqrt(v_t) + epsilon). Means over the steps leave mu unused. */
varlab_status varlab_exact_moments(
    const varlab_call *call, const varlab_process *process, int64_t count, const double *beta2, const double *mu, const double *epsilon,
    const int64_t *t, double *mean, double *mean_square, double *variance);

/* Density and distribution function of psi_t at psi; either result may be null. Scales, means and weights of the process are refused. */
varlab_status varlab_psi_law(
    const varlab_call *call, const varlab_process *process, int64_t count, const double *beta2, const double *mu, const double *epsilon,
    const int64_t *t, const double *psi, double *density, double *distribution);

/* The psi that is not exceeded with a probability. */
varlab_status varlab_psi_quantile(
    const varlab_call *call, const varlab_process *process, int64_t count, const double *beta2, const double *mu, const double *epsilon,
    const int64_t *t, const double *probability, double *psi);

/* E[u_t], E[u_t^2] and Var[u_t] of the whole update u_t, the probability that its sign is not that of mu, and sup |u_t|. NaN stands for a mean
   that does not exist, and for a probability that is not known or has no meaning. Scales, means and weights of the process are refused. */
varlab_status varlab_update_moments(
    const varlab_call *call, const varlab_process *process, int64_t count, const double *beta1, const double *beta2, const double *mu,
    const double *epsilon, const int64_t *t, double *mean, double *second_moment, double *variance, double *wrong_sign, double *largest);

/* P(u_t <= u), P(u_t > u) and the density at u, NaN where u_t is +-1; any result may be null. Independent N(mu, 1). */
varlab_status varlab_update_law(
    const varlab_call *call, int64_t count, const double *beta1, const double *beta2, const double *mu, const double *epsilon, const int64_t *t,
    const double *u, double *lower, double *upper, double *density);

/* The |u| that is not exceeded with a probability. */
varlab_status varlab_update_quantile(
    const varlab_call *call, int64_t count, const double *beta1, const double *beta2, const double *mu, const double *epsilon, const int64_t *t,
    const double *probability, double *size);

/* The |mu|/sigma that a root mean square of the update implies, NaN where none does, and the two root mean squares between which it is defined:
   at mu = 0 and at mu = 1e6. */
varlab_status varlab_implied_snr(
    const varlab_call *call, int64_t count, const double *beta1, const double *beta2, const double *epsilon, const int64_t *t, const double *rms,
    double *snr, double *at_zero, double *at_largest);

/* How the step is multiplied: names as the command has them ("radam", "adam-warmup:2000"; "paper", "torch", ...; "float64", "float32",
   "float32-eager"). `t` ascends. `multiplier` is that of the step that is taken, `adaptive` 0 where that is not an adaptive one. */
varlab_status varlab_schedule(
    const varlab_call *call, const char *optimizer, const char *like, const char *precision, double beta2, int64_t count, const int64_t *t,
    double *multiplier, double *adaptive);

/* Of that schedule the first rectified step, 0 where there is none, and the length of the linear warmup that loses as much step size, NaN where
   there is none. */
varlab_status varlab_schedule_summary(
    const varlab_call *call, const char *optimizer, const char *like, const char *precision, double beta2, int64_t *first_rectified_step,
    double *equivalent_warmup);

/* The numbers that an optimizer is made of. NaN stands for what `like` does by default. */
typedef struct varlab_optimizer_settings {
    double learning_rate, beta1, beta2, epsilon, weight_decay, rmsprop_decay;
    /* -1 for what `like` does by default, 0 through the gradient, 1 beside the step. */
    int32_t decoupled;
    /* Adam-Nk's: whether the momentum's bias correction restarts after the freeze. */
    int32_t restarts_momentum_correction;
} varlab_optimizer_settings;

/* What a step was made of; NaN where it has none. */
typedef struct varlab_step {
    int64_t index;
    /* 0 freeze, 1 skip, 2 momentum, 3 adaptive. */
    int32_t rule;
    int32_t unused;
    double step_size, rectification, epsilon;
} varlab_step;

/* An optimizer of `parameters` numbers, float32 or float64 by `bytes` 4 or 8; `handle` is positive and names it from then on. */
varlab_status varlab_optimizer_create(
    const varlab_call *call, const char *optimizer, const char *like, const varlab_optimizer_settings *settings, int64_t parameters, int32_t bytes,
    int64_t *handle);

/* Ends an optimizer; what is none is left alone. */
void varlab_optimizer_destroy(int64_t handle);

/* The step size from the next step on. */
varlab_status varlab_optimizer_set_learning_rate(const varlab_call *call, int64_t handle, double learning_rate);

/* One step on parameters in place; `count` and `bytes` are checked against the optimizer's. `step` may be null. */
varlab_status varlab_optimizer_step(
    const varlab_call *call, int64_t handle, int64_t count, int32_t bytes, void *parameters, const void *gradients, varlab_step *step);

/* The steps taken, and the lengths of the buffers of m, v and the gradients' average, each 0 or the number of parameters. */
varlab_status varlab_optimizer_sizes(const varlab_call *call, int64_t handle, int64_t *step, int64_t *momentum, int64_t *second_moment,
                                     int64_t *gradient_average);

/* Copies the state out, or in; buffers of length 0 may be null. */
varlab_status varlab_optimizer_export(const varlab_call *call, int64_t handle, void *momentum, void *second_moment, void *gradient_average);
varlab_status varlab_optimizer_import(
    const varlab_call *call, int64_t handle, int64_t step, const void *momentum, const void *second_moment, const void *gradient_average);

/* Text about the library, its parts separated by lines: the optimizers, their forms, the implementations. */
varlab_status varlab_vocabulary(const varlab_call *call);

/* Reads a flag that another thread may be setting. */
static inline int32_t varlab_load_flag(const int32_t *flag) { return __atomic_load_n(flag, __ATOMIC_RELAXED); }

#ifdef __cplusplus
}
#endif

#endif
