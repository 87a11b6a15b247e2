// Till: computes, allocates, waits for locks and parks, under names that a test looks for.
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;

public class Till {
	static final Object drawer = new Object();
	static volatile Object kept;

	static double hotInJava(int n) {
		double sum = 0;
		for (int i = 0; i < n; i++) sum += Math.sqrt(i) * (i % 7);
		return sum;
	}

	static void allocateInJava() {
		List<byte[]> pieces = new ArrayList<>();
		for (int i = 0; i < 2000; i++) pieces.add(new byte[1024]);
		pieces.add(new byte[8 << 20]);
		kept = pieces;
	}

	static void holdInJava(long until) {
		while (System.nanoTime() < until) synchronized (drawer) { LockSupport.parkNanos(30_000_000); }
	}

	public static void main(String[] args) throws Exception {
		long until = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000;
		Thread holder = new Thread(() -> holdInJava(until), "holder");
		DoubleSupplier lambda = () -> hotInJava(3_000_000);
		double sum = 0;
		holder.start();
		while (System.nanoTime() < until) {
			sum += lambda.getAsDouble();
			allocateInJava();
			synchronized (drawer) { sum++; }
		}
		holder.join();
		System.out.println(sum);
	}
}
