/** What other ACME clients keep on the disk, read and taken over. */
@NullMarked
package org.wucme.cli.imports;

import org.jspecify.annotations.NullMarked;
