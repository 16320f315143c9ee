package org.wucme.challenges.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.Concurrently;
import org.wucme.challenges.Proof;
import org.wucme.challenges.http.Http01Responder;

class ListenerTest {

    private final AtomicInteger boundNow = new AtomicInteger();
    private final AtomicInteger mostBound = new AtomicInteger();
    private final AtomicInteger binds = new AtomicInteger();
    private final Http01Responder responder = new Http01Responder();
    private final Proof proof = Proof.of("a.example");

    private Listener.Bound bind() {
        binds.incrementAndGet();
        mostBound.accumulateAndGet(boundNow.incrementAndGet(), Math::max);
        return new Listener.Bound() {
            @Override
            public int port() {
                return 4711;
            }

            @Override
            public void close() {
                boundNow.decrementAndGet();
            }
        };
    }

    private Presented present(Listener listener, Proof proof) throws IOException {
        return listener.present(() -> responder.present(proof.http01(), proof.identifier(), proof.account()));
    }

    private boolean isPresented() {
        return responder.answer(null, proof.http01().path()).orElseThrow().status() == 200;
    }

    @Test
    void staysUpFromOpenToClose() throws Exception {
        try (Listener listener = Listener.open(this::bind)) {
            present(listener, proof).close();
            assertThat(boundNow).hasValue(1);
            assertThat(listener.port()).isEqualTo(4711);
        }
        assertThat(boundNow).hasValue(0);
        assertThat(binds).hasValue(1);
    }

    @Test
    void bindsWithTheFirstAndLetsGoWithTheLast() throws Exception {
        try (Listener listener = Listener.whileNeeded(this::bind)) {
            assertThat(boundNow).hasValue(0);
            Presented first = present(listener, proof);
            Presented second = present(listener, Proof.of("b.example"));
            first.close();
            assertThat(boundNow).hasValue(1);
            second.close();
            assertThat(boundNow).hasValue(0);
            assertThat(binds).hasValue(1);
        }
    }

    @Test
    void closingOnePresentationTwiceDoesNotCountForAnother() throws Exception {
        try (Listener listener = Listener.whileNeeded(this::bind)) {
            Presented first = present(listener, proof);
            Presented second = present(listener, Proof.of("b.example"));
            first.close();
            first.close();
            assertThat(boundNow).hasValue(1);
            second.close();
        }
    }

    @Test
    void aFailureToBindLeavesNothingPresentedAndCanBeTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Listener listener = Listener.whileNeeded(() -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IOException("port taken");
            }
            return bind();
        });
        assertThatThrownBy(() -> present(listener, proof)).hasMessage("port taken");
        assertThat(isPresented()).isFalse();
        present(listener, proof);
        assertThat(isPresented()).isTrue();
        assertThat(boundNow).hasValue(1);
    }

    @Test
    void theLastCloseLetsGoEvenIfWithdrawingFails() throws Exception {
        Listener listener = Listener.whileNeeded(this::bind);
        Presented presented = listener.present(
                () -> new FailingSolver().present(proof.http01(), proof.identifier(), proof.account()));
        assertThatThrownBy(presented::close).hasMessage("cannot withdraw");
        assertThat(boundNow).hasValue(0);
    }

    @Test
    void onceClosedNothingIsPresentedAnyMore() throws Exception {
        Listener listener = Listener.whileNeeded(this::bind);
        Presented before = present(listener, Proof.of("b.example"));
        listener.close();
        assertThat(boundNow).hasValue(0);
        assertThatIllegalStateException().isThrownBy(() -> present(listener, proof));
        assertThat(isPresented()).isFalse();
        assertThatIllegalStateException().isThrownBy(listener::port);
        before.close();
        listener.close();
        assertThat(binds).hasValue(1);
    }

    @Test
    void manyThreadsNeverBindTwiceAndLeaveThePortFree() throws Exception {
        try (Listener listener = Listener.whileNeeded(this::bind)) {
            Concurrently.run(2000, 8, number -> {
                Presented presented = present(listener, Proof.of("n" + number + ".example"));
                assertThat(listener.port()).isEqualTo(4711);
                presented.close();
            });
            assertThat(boundNow).hasValue(0);
            assertThat(mostBound).hasValue(1);
        }
    }
}
