/*
 * confidence: how sure a share of few samples is.
 *
 * Wilson's score interval (E. B. Wilson, 1927): unlike p ± z·sqrt(p(1-p)/n) it is honest for
 * few samples and for shares near 0 and 1.
 */
#ifndef MODEL_CONFIDENCE_H
#define MODEL_CONFIDENCE_H

#define CONFIDENCE_Z95 1.959963984540054 /* two-sided 95 % */

struct confidence {
	double low, high; /* 0 to 1 */
};

/* The 95 % interval of the true share where `hits` of `n` samples were seen; 0 to 1 if n is 0. hits
 * is cut to n. */
struct confidence confidence_wilson(double hits, double n);

/* Half the width of that interval. */
double confidence_margin(double hits, double n);

/* The probability that a standard normal variable is farther from 0 than z, either side. */
double confidence_p_of_z(double z);

#endif
