package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A target that tells when it failed and when it was told. */
final class Watched implements Target {

    /** Short ones, for receivers that come back soon. */
    static final Pauses PAUSES =
            new Pauses(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofHours(1), Duration.ofSeconds(20));

    private final Target target;
    private final CountDownLatch failed = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);

    Watched(Target target) {
        this.target = target;
    }

    void awaitFailure() throws InterruptedException {
        assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    void awaitSuccess() throws InterruptedException {
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public String send(Notice notice) throws IOException {
        try {
            String answer = target.send(notice);
            told.countDown();
            return answer;
        } catch (IOException e) {
            failed.countDown();
            throw e;
        }
    }

    @Override
    public void close() {
        target.close();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
