;; Reads the text in which the module travels inside the script. JavaScript could, but an engine interprets what runs only
;; once: that took half of the time in which the module starts. `xtask/js/module-text.mjs` makes a module of this.
;;
;; Only characters are used that need no escape in a string, a script or a page of any encoding: printable ones of ASCII, but
;; no quote, no backslash, and no `<`, which could end the script. Each stands for one byte, except the last three, | } ~,
;; which begin pairs for the remaining bytes.
(module
  ;; The text, at most 458,784 characters, which the bytes take the place of, and behind it the table.
  (memory (export "m") 8)
  ;; Which byte each single character is, from the space on; of those that are not used, none.
  ;; Found by `xtask/js/find-alphabet.mjs`.
  (data (i32.const 458784) "\20\38\00\3a\2c\41\b0\21\11\39\1a\0a\2e\24\22\2f\07\31\18\2d\06\40\6a\46\05\45\00\77\00\35\49\03\14\29\42\0d\71\02\33\30\90\1c\32\36\b6\01\4f\09\50\47\04\53\37\28\4d\08\4b\1b\0c\34\00\84\10\81\0f\61\62\63\64\65\66\67\68\69\0b\6b\6c\6d\6e\6f\70\7f\72\73\74\75\76\80\78\79\0e\25")
  ;; Reads the text, from the start of the memory to `end`; returns where the bytes end.
  (func (export "r") (param $end i32) (result i32)
    (local $from i32) (local $to i32) (local $code i32) (local $second i32)
    (loop $next
      (local.set $code (i32.load8_u (local.get $from)))
      (i32.store8 (local.get $to)
        (if (result i32) (i32.gt_u (local.get $code) (i32.const 123))
          (then
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (local.set $second (i32.load8_u (local.get $from)))
            ;; Three times the 92 characters that are used, one after the other, modulo 256.
            (i32.sub
              (i32.sub
                (i32.sub
                  (i32.add (i32.mul (local.get $code) (i32.const 92)) (local.get $second))
                  (i32.gt_u (local.get $second) (i32.const 34)))
                (i32.gt_u (local.get $second) (i32.const 60)))
              (i32.gt_u (local.get $second) (i32.const 92))))
          (else (i32.load8_u offset=458752 (local.get $code)))))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $end))))
    (local.get $to)))
