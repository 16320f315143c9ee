package org.wucme.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.wucme.acme.pki.KeyType;
import org.wucme.testing.LatencyRelay;
import org.wucme.testing.Pebble;

/**
 * Pebble behind a relay that makes it far away, and a process for each contender. Pebble is strict, validates at once and
 * for real, refuses no nonce, reuses no authorization, and sends no Retry-After.
 */
final class Laboratory implements AutoCloseable {

    /** For what is not measured. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String FIRST = "forget open register names:1 close";
    private static final String WARM_UP = "open certificates:10:1 close open names:20 close";

    private final KeyPair accountKey = KeyType.EC_P256.generate();
    private final Pebble pebble;
    private final StatelessHttp01 http01;
    private final LatencyRelay relay;
    private final Path folder;
    private final Map<String, Bench> benches = new HashMap<>();

    Laboratory() throws IOException {
        pebble = Pebble.start(Pebble.options().nonceReject(0).authzReuse(0));
        http01 = new StatelessHttp01(pebble.httpPort(), accountKey);
        relay = LatencyRelay.to(pebble.port());
        folder = Files.createTempDirectory("wucme-bench");
        new Setting(directoryUrl(), pebble.tlsRoot(), accountKey).save(folder);
    }

    private String directoryUrl() {
        return "https://127.0.0.1:" + relay.port() + "/dir";
    }

    /** What a contender's process had used, JVM start included, when it held its first certificate; no distance. */
    Reading freshJvm(String contender) throws IOException {
        return bench(contender).fresh;
    }

    /**
     * Measures once; a second time with everything started anew if that fails, since Pebble 2.10 can get stuck.
     *
     * @throws IOException if it fails twice
     */
    Measurement measure(Scenario scenario, String contender, Duration roundTrip) throws IOException {
        try {
            return measureOnce(scenario, contender, roundTrip);
        } catch (IOException e) {
            System.err.println(scenario.title() + ", " + contender + ": " + e.getMessage() + "; once again");
            startAnew();
            return measureOnce(scenario, contender, roundTrip);
        }
    }

    private Measurement measureOnce(Scenario scenario, String contender, Duration roundTrip) throws IOException {
        WorkerProcess worker = bench(contender).worker;
        relay.roundTrip(roundTrip);
        worker.run(scenario.before(), LIMIT);
        pebble.clearRequests();
        relay.clearConnections();
        Reading before = worker.run("nothing", LIMIT);
        Reading after = worker.run(scenario.measured(), scenario.limit());
        return new Measurement(after.since(before), pebble.requests().size(), relay.connections());
    }

    private Bench bench(String contender) throws IOException {
        Bench running = benches.get(contender);
        if (running != null) {
            return running;
        }
        relay.roundTrip(Duration.ZERO);
        WorkerProcess worker = new WorkerProcess(contender, directoryUrl(), folder);
        Bench started = new Bench(worker, worker.run(FIRST, LIMIT));
        benches.put(contender, started);
        worker.run(WARM_UP, LIMIT);
        return started;
    }

    private void startAnew() throws IOException {
        benches.values().forEach(bench -> bench.worker.close());
        benches.clear();
        pebble.restart();
    }

    @Override
    public void close() throws IOException {
        benches.values().forEach(bench -> bench.worker.close());
        relay.close();
        http01.close();
        pebble.close();
    }

    private record Bench(WorkerProcess worker, Reading fresh) {}
}
