package org.wucme.challenges;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Runs something many times at once; any failure is the test's failure. */
public final class Concurrently {

    /** What is run, with the number of the run. */
    public interface Work {
        void run(int number) throws Exception;
    }

    private Concurrently() {}

    public static void run(int times, int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            IntStream.range(0, times)
                    .forEach(number -> all.add(() -> {
                        work.run(number);
                        return null;
                    }));
            for (Future<Void> future : pool.invokeAll(all)) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
