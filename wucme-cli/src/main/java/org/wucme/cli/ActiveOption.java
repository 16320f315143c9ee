package org.wucme.cli;

import picocli.CommandLine.Option;

/** Whether another manager of the store matters. */
final class ActiveOption {

    @Option(
            names = "--active",
            description =
                    "Takes care of the store whoever else does: for stores whose locks do not reach all systems that"
                            + " use them. Give it to exactly one of these.")
    boolean isActive;
}
