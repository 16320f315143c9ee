package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.challenge.Lease;
import org.wucme.challenges.ListenException;
import org.wucme.cli.agent.ActiveRole;
import org.wucme.cli.agent.Agent;
import org.wucme.cli.agent.AgentLog;
import org.wucme.cli.agent.AgentSettings;
import org.wucme.cli.agent.Residence;
import org.wucme.cli.report.ManagerState.Role;
import org.wucme.cli.report.ManagerWatch;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

/** Agents of one folder on one machine, each as a process of its own would start it, with the same fixed ports. */
class AgentsTogetherTest {

    private static final int MANY = 6;
    private static final PrintWriter NOWHERE = new PrintWriter(Writer.nullWriter());

    @TempDir
    Path folder;

    private final List<Running> started = new ArrayList<>();
    private final int httpPort = User.freePort();
    private final int tlsPort = User.freePort();
    private final int reportPort = User.freePort();

    private record Running(Agent agent, ManagerWatch watch, ActiveRole role) implements AutoCloseable {
        @Override
        public void close() {
            agent.close();
        }

        boolean isHolder() {
            return role.isHeld(agent.settings().store());
        }

        boolean is(Role which) {
            return watch.get().role() == which && watch.get().who() != null;
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(folder.resolve("here"));
    }

    @AfterEach
    void end() {
        started.forEach(Running::close);
    }

    private AgentSettings settings() throws IOException {
        return settings(tlsPort);
    }

    private AgentSettings settings(int tlsPort) throws IOException {
        Map<String, String> environment = Map.of(
                "WUCME_HERE", folder.resolve("here").toString(),
                "WUCME_LISTEN", "http-01,tls-alpn-01",
                "WUCME_HTTP_BIND", "127.0.0.1",
                "WUCME_HTTP_PORT", Integer.toString(httpPort),
                "WUCME_TLS_BIND", "127.0.0.1",
                "WUCME_TLS_PORT", Integer.toString(tlsPort),
                "WUCME_REPORT_PORT", Integer.toString(reportPort));
        AgentCommand command = AgentCommand.parse(Configuration.of(environment), NOWHERE, NOWHERE, "agent");
        return command.settings(new AgentLog(line -> {}, folder.resolve("agent.log")));
    }

    private Running start() throws IOException {
        ManagerWatch watch = new ManagerWatch(Clock.systemUTC(), "this process");
        ActiveRole role = new ActiveRole();
        Agent agent = Agent.start(settings(), residence(watch, role));
        return new Running(agent, watch, role);
    }

    private Residence residence(ManagerWatch watch, ActiveRole role) {
        AgentLog log = new AgentLog(line -> {}, folder.resolve("agent.log"));
        return new Residence(log, watch, role, Clock.systemUTC(), () -> {});
    }

    private void startTogether(int agents) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(agents);
        try {
            List<Future<Running>> starting = new ArrayList<>();
            for (int i = 0; i < agents; i++) {
                starting.add(threads.submit(() -> {
                    go.await();
                    return start();
                }));
            }
            go.countDown();
            for (Future<Running> each : starting) {
                started.add(each.get(60, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(Callable<Boolean> what) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!what.call()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private List<Running> those(Role role) {
        return started.stream().filter(each -> each.is(role)).toList();
    }

    // By asking, since to take it would be in the way of those who want it.
    private static boolean isTaken(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private void requirePorts(boolean areTaken) throws IOException {
        for (int port : List.of(httpPort, tlsPort, reportPort)) {
            assertThat(isTaken(port)).as("port %s", port).isEqualTo(areTaken);
        }
    }

    @Test
    void ofManyThatStartTogetherOneIsActiveWithAllPortsAndTheOthersStandBy() throws Exception {
        startTogether(MANY);

        await(() -> those(Role.ACTIVE).size() + those(Role.STANDBY).size() == MANY);
        assertThat(those(Role.ACTIVE)).hasSize(1);
        requirePorts(true);

        those(Role.ACTIVE).get(0).close();

        await(() -> started.stream().filter(each -> each.isHolder()).count() == 1);
        await(() -> isTaken(httpPort) && isTaken(tlsPort) && isTaken(reportPort));
        started.forEach(Running::close);
        requirePorts(false);
    }

    @Test
    void aPortOfAnotherProgramIsStillRefusedAndNothingIsLeftBehind() throws Exception {
        try (ServerSocket other = new ServerSocket(tlsPort, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining(Integer.toString(other.getLocalPort()));
        }
        requirePorts(false);
    }

    @Test
    void anAgentThatIsToldOnePortTwiceSaysThatItHasItItself() throws Exception {
        AgentSettings twice = settings(httpPort);
        ManagerWatch watch = new ManagerWatch(Clock.systemUTC(), "this process");
        try (ActiveRole role = new ActiveRole()) {
            assertThatThrownBy(() -> Agent.start(twice, residence(watch, role)))
                    .isInstanceOf(ListenException.class)
                    .hasMessageContainingAll("port " + httpPort, "this agent itself", "--tls-port", "--report-port");
        }
        requirePorts(false);
    }

    @Test
    void anAgentThatStartsWhileACommandHoldsTheActiveRoleStandsByAndThenTakesOver() throws Exception {
        FileStore store = FileStore.open(folder.resolve("here"));
        try (Lease command = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow();
                ServerSocket port = new ServerSocket(httpPort, 1, InetAddress.getLoopbackAddress())) {
            assertThat(port.isBound()).isTrue();
            started.add(start());
            await(() -> those(Role.STANDBY).size() == 1);
        }
        await(() -> isTaken(httpPort) && isTaken(tlsPort) && those(Role.ACTIVE).size() == 1);
    }

    @Test
    void settingsThatAreReadAnewLeaveTheRoleItsTimeAndItsCountsWithTheProcess() throws Exception {
        Running active = start();
        started.add(active);
        started.add(start());
        await(() -> those(Role.ACTIVE).size() == 1 && those(Role.STANDBY).size() == 1);
        Instant since = active.watch().get().since();
        FileStore store = FileStore.open(folder.resolve("here"));
        Instant shown = store.active().orElseThrow().since();

        active.agent().stop();
        assertThat(isTaken(httpPort)).isFalse();
        assertThat(active.isHolder()).isTrue();
        restart(active);

        assertThat(isTaken(httpPort)).isTrue();
        assertThat(started.get(1).isHolder()).isFalse();
        assertThat(active.watch().get().role()).isEqualTo(Role.ACTIVE);
        assertThat(active.watch().get().since()).isEqualTo(since);
        assertThat(store.active().orElseThrow().since()).isEqualTo(shown);
    }

    @Test
    void aLinkThatIsSwitchedBeforeSettingsAreReadAnewTakesTheRoleWithIt() throws Exception {
        switchLink("one");
        Running active = start();
        started.add(active);
        await(() -> those(Role.ACTIVE).size() == 1);
        FileStore one = FileStore.open(folder.resolve("one"));
        assertThat(one.active()).isPresent();

        switchLink("two");
        active.agent().stop();
        restart(active);

        assertThat(started.get(0).isHolder()).isTrue();
        assertThat(one.active()).isEmpty();
        assertThat(FileStore.open(folder.resolve("two")).active()).isPresent();
        started.add(start());
        await(() -> those(Role.STANDBY).size() == 1);
        assertThat(started.get(1).isHolder()).isFalse();
    }

    @Test
    void aLinkThatIsSwitchedToTheFolderOfAnotherAgentMakesAStandby() throws Exception {
        switchLink("one");
        Running active = start();
        started.add(active);
        await(() -> those(Role.ACTIVE).size() == 1);

        switchLink("two");
        FileStore two = FileStore.open(folder.resolve("two"));
        try (Lease other = two.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(other).isNotNull();
            active.agent().stop();
            restart(active);

            await(() -> those(Role.STANDBY).size() == 1);
            assertThat(started.get(0).isHolder()).isFalse();
            assertThat(FileStore.open(folder.resolve("one")).active()).isEmpty();
            assertThat(two.active()).isPresent();
        }
        await(() -> started.get(0).isHolder());
    }

    private void restart(Running stopped) throws IOException {
        Agent next = Agent.start(settings(), residence(stopped.watch(), stopped.role()));
        started.set(started.indexOf(stopped), new Running(next, stopped.watch(), stopped.role()));
    }

    private void switchLink(String target) throws IOException {
        Path here = folder.resolve("here");
        Files.createDirectories(
                folder.resolve(target),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.delete(here);
        Files.createSymbolicLink(here, Path.of(target));
    }
}
