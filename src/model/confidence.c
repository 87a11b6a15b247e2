/* confidence: how sure a share of few samples is. */
#include "model/confidence.h"

#include <math.h>

struct confidence confidence_wilson(double hits, double n)
{
	const double z2 = CONFIDENCE_Z95 * CONFIDENCE_Z95;
	double share, centre, reach;

	if (!(n > 0))
		return (struct confidence){ 0, 1 };
	share = hits < 0 ? 0 : hits > n ? 1 : hits / n;
	centre = (share + z2 / (2 * n)) / (1 + z2 / n);
	reach = CONFIDENCE_Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
	return (struct confidence){ share > 0 ? fmax(centre - reach, 0) : 0,
		share < 1 ? fmin(centre + reach, 1) : 1 };
}

double confidence_margin(double hits, double n)
{
	struct confidence c = confidence_wilson(hits, n);

	return (c.high - c.low) / 2;
}

double confidence_p_of_z(double z)
{
	return erfc(fabs(z) / sqrt(2));
}
