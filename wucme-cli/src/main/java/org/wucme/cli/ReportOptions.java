package org.wucme.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.agent.AgentLog;
import org.wucme.cli.agent.ReportOpener;
import org.wucme.cli.report.Password;
import org.wucme.cli.report.ReportServer;
import org.wucme.cli.report.ReportSettings;
import picocli.CommandLine.Option;

/** Where the report is shown, and to whom. */
final class ReportOptions {

    private static final String OFF = "off";

    @Option(
            names = "--report-port",
            paramLabel = "PORT",
            defaultValue = "" + ReportSettings.DEFAULT_PORT,
            description = "Where the report is shown to browsers and programs, or \"off\" (default: ${DEFAULT-VALUE}).")
    String reportPort = OFF;

    @Option(
            names = "--report-bind",
            paramLabel = "ADDRESS",
            description = "The address of this machine where it is shown (default: the loopback address, which only"
                    + " this machine reaches; any other needs a password).")
    @Nullable
    InetAddress reportBind;

    @Option(
            names = "--report-name",
            split = ",",
            paramLabel = "NAME",
            description = "Names by which it is asked for, beside that of this machine.")
    Set<String> reportNames = Set.of();

    @Option(
            names = "--report-password-file",
            paramLabel = "FILE",
            description = "A file with the password that readers must know, for any user name.")
    @Nullable
    Path reportPasswordFile;

    @Option(
            names = "--report-tls",
            description = "Shows it by HTTPS, with the certificate in the folder that has the name which is asked for.")
    boolean isTls;

    /**
     * What shows the report; null if there is to be none.
     *
     * @param host the name of this machine
     * @param challenges how the agent is reached otherwise, as far as that holds for the report
     * @throws IllegalArgumentException if others could read it without a password
     * @throws IOException if the password cannot be read
     */
    @Nullable
    ReportOpener opener(String host, AgentLog log, ReportChecks checks, ChallengeOptions challenges)
            throws IOException {
        if (reportPort.equalsIgnoreCase(OFF)) {
            return null;
        }
        InetSocketAddress address = address();
        Path file = reportPasswordFile;
        Password password = file == null ? null : Password.read(file);
        String version = VersionCommand.versions().getProperty("wucme");
        return (state, manager, solvers) -> ReportServer.open(
                new ReportSettings(
                        address,
                        challenges.httpPathPrefix,
                        reportNames,
                        password,
                        isTls ? manager.sslContext() : null,
                        manager::status,
                        Clock.system(ZoneId.systemDefault()),
                        host,
                        version,
                        state,
                        log::lines,
                        checks.by(solvers)),
                challenges.limits());
    }

    private InetSocketAddress address() {
        int port = HostPort.port(reportPort);
        InetAddress bind = reportBind;
        return bind == null ? ReportSettings.loopback(port) : new InetSocketAddress(bind, port);
    }
}
