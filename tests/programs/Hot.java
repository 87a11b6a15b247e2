/** Hot: a known hot path for the Java runtime test: main, outer, inner. */
public class Hot {
	static int inner(int n) {
		int sum = 0;
		for (int i = 0; i < n; i++)
			sum = (sum * 31 + i) % 1000003;
		return sum;
	}

	static int outer(int n) {
		int sum = 0;
		for (int i = 0; i < 50; i++)
			sum += inner(n + i);
		return sum;
	}

	public static void main(String[] args) {
		long end = System.nanoTime() + (long) (Double.parseDouble(args[0]) * 1e9);
		int total = 0;
		while (System.nanoTime() < end)
			total += outer(20000);
		System.out.println(total != 1);
	}
}
