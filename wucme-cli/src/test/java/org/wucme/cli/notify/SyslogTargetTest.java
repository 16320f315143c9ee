package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyslogTargetTest {

    private static final Set<Facility> DAEMON = Set.of(Facility.DAEMON);
    private static final String HOST = "127.0.0.1";
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static String message(int priority, String event) {
        return "<" + priority + ">1 2026-11-22T00:20:01.500Z web1.example.org wucme "
                + ProcessHandle.current().pid() + " " + event + " - ";
    }

    private static String receive(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        server.setSoTimeout(30_000);
        server.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    /** The messages of the next connection, by their counts. */
    private static List<String> receive(ServerSocket server) throws IOException {
        server.setSoTimeout(30_000);
        try (Socket client = server.accept()) {
            InputStream in = client.getInputStream();
            List<String> messages = new ArrayList<>();
            for (int digit = in.read(); digit >= 0; digit = in.read()) {
                int count = 0;
                for (; digit != ' '; digit = in.read()) {
                    assertThat((char) digit).isBetween('0', '9');
                    count = count * 10 + digit - '0';
                }
                messages.add(new String(in.readNBytes(count), StandardCharsets.UTF_8));
            }
            return messages;
        }
    }

    private static SyslogTarget udp(String host, int port, Set<Facility> facilities) {
        return SyslogTarget.parse("udp://" + host + ":" + port, facilities);
    }

    private static SyslogTarget tcp(String host, int port, Set<Facility> facilities) {
        return SyslogTarget.parse("tcp://" + host + ":" + port, facilities);
    }

    @Test
    void byUdpEachFacilityGetsAMessage() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
            SyslogTarget target = udp(HOST, server.getLocalPort(), Set.of(Facility.LOCAL1, Facility.DAEMON));

            assertThat(target.send(Samples.notice(Samples.failed("bäd")))).startsWith("sent");

            assertThat(receive(server))
                    .startsWith(message(3 * 8 + 3, "failed")
                            + "www.example.org and 1 more: not obtained or renewed: bäd |");
            assertThat(receive(server)).startsWith(message(17 * 8 + 3, "failed"));
        }
    }

    @Test
    void byTcpMessagesAreCountedInOctets() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            SyslogTarget target = tcp(HOST, server.getLocalPort(), Set.of(Facility.AUTHPRIV, Facility.LOCAL0));
            var answer = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return target.send(Samples.notice(Samples.failed("bäd")));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });

            assertThat(receive(server))
                    .hasSize(2)
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .startsWith(message(10 * 8 + 3, "failed"))
                                    .contains("bäd | "),
                            second -> assertThat(second).startsWith(message(16 * 8 + 3, "failed")));
            assertThat(answer.get()).isEqualTo("taken");
        }
    }

    @Test
    void severitiesAreThoseOfSyslog() {
        assertThat(syslog(Notice.Event.EXPIRES_SOON)).startsWith("<26>1 ");
        assertThat(syslog(Notice.Event.FAILED)).startsWith("<27>1 ");
        assertThat(syslog(Notice.Event.RENEWED)).startsWith("<29>1 ");
        assertThat(syslog(Notice.Event.TEST)).startsWith("<30>1 ");
    }

    private static String syslog(Notice.Event event) {
        Notice notice = Samples.notice(event, "A", Samples.NOW);
        return new String(SyslogMessage.of(notice, Facility.DAEMON, Samples.HOST), StandardCharsets.UTF_8);
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        Notice notice = Samples.notice(Samples.failed("ü".repeat(3000)));

        byte[] message = SyslogMessage.of(notice, Facility.DAEMON, Samples.HOST);

        assertThat(message).hasSizeBetween(2046, 2048);
        assertThat(new String(message, StandardCharsets.UTF_8)).endsWith("ü");
    }

    @Test
    void nobodyThereIsAnErrorByTcpAndOnThisMachineByUdpToo() throws Exception {
        int udp;
        try (DatagramSocket gone = new DatagramSocket(0, LOOPBACK)) {
            udp = gone.getLocalPort();
        }
        int tcp;
        try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
            tcp = gone.getLocalPort();
        }
        Notice notice = Samples.notice(Samples.renewed());

        assertThatThrownBy(() -> udp(HOST, udp, DAEMON).send(notice)).hasMessage("nobody listens there");
        assertThatThrownBy(() -> tcp(HOST, tcp, DAEMON).send(notice)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> tcp("nosuch.invalid", 601, DAEMON).send(notice))
                .hasMessage("the name does not resolve here");
    }

    @Test
    void oneByTcpThatIsDownAtFirstGetsItWhenItIsBack() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
            port = gone.getLocalPort();
        }
        Watched target = new Watched(tcp(HOST, port, DAEMON));
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(target), 100, Watched.PAUSES)) {
            notifier.accept(Samples.renewed());
            target.awaitFailure();
            try (ServerSocket back = new ServerSocket()) {
                back.setReuseAddress(true);
                back.bind(new InetSocketAddress(LOOPBACK, port));

                assertThat(receive(back)).singleElement().asString().startsWith(message(29, "renewed"));
            }
        }
    }

    @Test
    void oneByUdpThatIsDownAtFirstGetsItWhenItIsBack() throws Exception {
        int port;
        try (DatagramSocket gone = new DatagramSocket(0, LOOPBACK)) {
            port = gone.getLocalPort();
        }
        Watched target = new Watched(udp(HOST, port, DAEMON));
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(target), 100, Watched.PAUSES)) {
            notifier.accept(Samples.renewed());
            target.awaitFailure();
            try (DatagramSocket back = new DatagramSocket(port, LOOPBACK)) {
                assertThat(receive(back)).startsWith(message(29, "renewed"));
            }
        }
    }

    @Test
    void theLocalOneIsToldByTheProgramLogger(@TempDir Path folder) throws Exception {
        Path heard = folder.resolve("heard");
        Path logger = Files.writeString(folder.resolve("logger"), "#!/bin/sh\n{ echo \"$@\"; cat; } >>" + heard + "\n");
        Files.setPosixFilePermissions(logger, PosixFilePermissions.fromString("rwx------"));
        Set<Facility> facilities = Set.of(Facility.DAEMON, Facility.LOCAL1);
        LocalSyslog target = new LocalSyslog(logger.toString(), List.of(logger), facilities);

        assertThat(target.send(Samples.notice(Samples.failed("-x; $(reboot)")))).startsWith("taken by ");

        String words = "www.example.org and 1 more: not obtained or renewed: -x; $(reboot) |";
        assertThat(Files.readString(heard))
                .matches(Pattern.compile("-p daemon.err -t wucme\n" + Pattern.quote(words) + ".*\n"
                        + "-p local1.err -t wucme\n" + Pattern.quote(words) + ".*\n"));
    }

    /** What is wrong with the local one at first, and mends itself. */
    private enum Trouble {
        NO_SOCKET,
        NO_LOGGER,
        LOGGER_FAILS
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void theLocalOneThatIsDownAtFirstGetsItWhenItIsBack(Trouble trouble, @TempDir Path folder) throws Exception {
        Path heard = folder.resolve("heard");
        Path socket = folder.resolve("socket");
        Path logger = folder.resolve("logger");
        if (trouble != Trouble.NO_SOCKET) {
            Files.createFile(socket);
        }
        if (trouble != Trouble.NO_LOGGER) {
            writeProgram(logger, trouble == Trouble.LOGGER_FAILS ? "exit 1" : "cat >>" + heard);
        }
        Watched target = new Watched(new LocalSyslog(logger.toString(), List.of(socket), DAEMON));
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(target), 100, Watched.PAUSES)) {
            notifier.accept(Samples.renewed());
            target.awaitFailure();
            writeProgram(logger, "cat >>" + heard);
            Files.write(socket, new byte[0]);
            target.awaitSuccess();
        }
        assertThat(Files.readString(heard))
                .startsWith("www.example.org and 1 more: renewed, ")
                .hasLineCount(1);
    }

    // Whoever runs it finds the old one or the new one, and none that is still being written.
    private static void writeProgram(Path program, String line) throws IOException {
        Path fresh = Files.writeString(program.resolveSibling("fresh"), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
        Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aMachineWithoutSyslogSaysSo(@TempDir Path folder) {
        LocalSyslog target = new LocalSyslog("logger", List.of(folder.resolve("log"), folder), DAEMON);

        assertThatThrownBy(() -> target.send(Samples.notice(Samples.renewed())))
                .hasMessageContaining("no syslog runs on this machine: there is no " + folder.resolve("log"));
    }
}
