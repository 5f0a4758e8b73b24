// Two letters can be anybody's initials, so they count at the end only; and words that partnerships of natural persons use too are left out.
const anywhere =
  /(?<![\p{L}\d])(limited|ltd|incorporated|inc|corporation|corp|llc|l\.l\.c|llp|plc|gmbh|sarl|s\.a\.r\.l|pty|ug|b\.v|n\.v|s\.a|s\.p\.a|s\.r\.l|srl|aps)(?![\p{L}\d])/iu;
const atTheEnd = /(?<![\p{L}\d])(ag|se|sa|sas|spa|bv|nv|oy|oyj|ab|as|a\/s)\.?\s*$/iu;

/**
 * Whether a business's name carries the form of a company, which the law lets only companies write: Ltd, Inc., LLC, GmbH. False says nothing: a
 * trade name hides who stands behind it.
 */
export const hasCorporateForm = (name: string): boolean => anywhere.test(name) || atTheEnd.test(name);
