package org.wucme.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The process that one contender runs in, so that its time on the processor is its own. Reads lines of steps, such as
 * {@code open obtain:20 close}, does them, and answers each line with a {@link Reading}, or with what went wrong.
 */
final class Worker {

    private final Contender contender;
    private final AtomicInteger hosts = new AtomicInteger();

    private Worker(Contender contender) {
        this.contender = contender;
    }

    /** Takes the contender's name, the directory's URL, and the folder of the {@link Setting}. */
    public static void main(String[] args) throws IOException {
        Setting setting = Setting.load(args[1], Path.of(args[2]));
        Worker worker =
                new Worker(args[0].equals(Acme4j.class.getSimpleName()) ? new Acme4j(setting) : new Ours(setting));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(worker.answer(line));
        }
        System.exit(0);
    }

    private String answer(String line) {
        try {
            for (String step : line.split(" ", -1)) {
                take(step.split(":", -1));
            }
            return Reading.now().format();
        } catch (Exception e) {
            return "failed at \"" + line + "\": " + e;
        }
    }

    private void take(String[] step) throws Exception {
        switch (step[0]) {
            case "open" -> contender.open();
            case "forget" -> contender.forget();
            case "register" -> contender.register();
            case "close" -> contender.close();
            case "inFlight" -> contender.inFlight(Integer.parseInt(step[1]));
            case "names" -> contender.obtain(newNames(Integer.parseInt(step[1])));
            case "certificates" -> obtainMany(Integer.parseInt(step[1]), Integer.parseInt(step[2]));
            case "nothing" -> {}
            default -> throw new IllegalArgumentException("no such step: " + step[0]);
        }
    }

    private void obtainMany(int certificates, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Object>> pending = new ArrayList<>();
            for (int i = 0; i < certificates; i++) {
                pending.add(pool.submit(() -> {
                    contender.obtain(newNames(1));
                    return "done";
                }));
            }
            for (Future<Object> certificate : pending) {
                certificate.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    // No name twice, not even by the other contender: the CA might remember that it is proven.
    private List<String> newNames(int count) {
        String domain = ".p" + ProcessHandle.current().pid() + ".bench.test";
        return IntStream.range(0, count)
                .mapToObj(i -> "host" + hosts.incrementAndGet() + domain)
                .toList();
    }
}
