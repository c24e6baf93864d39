import { expect, it } from "vitest";
import { network, plainAddress } from "./addresses.ts";

it.each([
  ["192.0.2.1", "192.0.2.1"],
  [" 192.0.2.1\t", "192.0.2.1"],
  ["192.0.2.1:5678", "192.0.2.1"],
  ["::1", "::1"],
  ["[::1]", "::1"],
  ["[::1]:80", "::1"],
  ["2001:DB8:0:0::0001", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["[fe80::1%25eth0]:80", "fe80::1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["[::FFFF:c000:201]:80", "192.0.2.1"],
])("reads %j as %s", (text, address) => {
  expect(plainAddress(text)).toBe(address);
});

it.each([
  undefined,
  "",
  "unknown",
  "_hidden",
  "localhost",
  "192.0.2",
  "192.0.2.256",
  "0192.0.2.1",
  "1.2.3.4.5:80",
  "192.0.2.1:99999999",
  "192.0.2.1:",
  "for=192.0.2.1",
  "::1::",
  "[::1",
  "::1]:80",
  "12345",
  "0x7f.1",
  "1.2.3.4, 5.6.7.8",
  `${"0".repeat(11_000)}::1`,
])("knows that %j is no address", (text) => {
  expect(plainAddress(text)).toBeUndefined();
});

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["c2lnbmVkIGRpZ2Vz", "c2lnbmVkIGRpZ2Vz"],
])("counts %s with its network, %s", (address, expected) => {
  expect(network(address)).toBe(expected);
});
