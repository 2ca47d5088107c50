/**
 * The check digit (ninth place) an Institutionskennzeichen should have, from its places 3 to 8.
 *
 * The joint circular on the Institutionskennzeichen (Gemeinsames Rundschreiben IK, section 1.2.5; § 293 SGB V) weights
 * the six digits with 2, 1, 2, 1, 2, 1, adds the cross sums of the products and takes the remainder of the division
 * by 10 itself, not its complement as Luhn's does. Its example: 26032682 gives 2.
 *
 * @param institutionCode nine ASCII digits
 */
export function institutionCheckDigit(institutionCode: string): number {
  let sum = 0;
  for (let index = 2; index < 8; index++) {
    const product = Number(institutionCode[index]) * (index % 2 === 0 ? 2 : 1);
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10;
}
