package org.wucme.cli;

import java.util.List;
import java.util.Map;
import org.wucme.cli.load.LoadActions;
import org.wucme.cli.load.LoadEvent;
import org.wucme.manage.Deployment;
import picocli.CommandLine.Option;

/** What is done once with each certificate that is stored. */
final class LoadOptions {

    @Option(
            names = "--load",
            paramLabel = "ACTION",
            description = {
                "What to do once with each certificate that is stored, whoever obtained it (\"issue\": with its own alone);"
                        + " several by several options, or in WUCME_LOAD in lines of their own. They are carried out in this"
                        + " order, each tried again until it succeeds:",
                "+ (servers in this process take it up); https://… (a POST of JSON, without the key); HUP:PID-FILE (or"
                        + " another signal); pem:DIR; pkcs12:FILE PASSWORD-FILE; else a program with arguments, without a"
                        + " shell, which learns from WUCME_NAMES, WUCME_FILES, WUCME_SERIAL and WUCME_EVENT what it is"
                        + " about. In paths and arguments, {name} stands for the certificate's.",
            })
    List<String> load = List.of();

    /** The actions by name, in a command that serves nothing itself and so has nothing to reload. */
    Map<String, Deployment> actions(Globals globals, LoadEvent event) {
        return LoadActions.parse(load, certificate -> {}, globals::http, event);
    }
}
