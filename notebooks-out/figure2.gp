# Histograms of ln|g|; at the left the shares of exact zeros and of |g| below e^-20, in percent
# gnuplot figure2.gp   draws figure2.svg from figure2.csv, all beside this script.
# rsvg-convert -f pdf -o figure2.pdf figure2.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 6.4501 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,619 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'figure2'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > figure2.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot
scale = 24.1307
# A bar of all gradients would nearly reach the next ridge. Each says its share.
bar_scale = 0.85
unset grid
set xrange [-25:0.5]
set xtics scale 0.5,0 ('{/:Italic g} = 0' -24.3, '< −20' -21.6, '' -20, '−15' -15, '−10' -10, '−5' -5, '0' 0)
set border 1

# Panel 1.
set margins screen 0.0696, screen 0.4926, screen 0.727, screen 0.9655
set title '' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'Adam' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:8.47]
set ytics scale 0,0 ('1' 6, '5' 5, '10' 4, '25' 3, '50' 2, '75' 1, '100' 0)
plot \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::2::41 with filledcurves y=6 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::0::0 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::0::0 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(6):(-22):(-21.2):(6):(6+bar_scale*column('share')) every ::1::1 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-21.05):(6):(sprintf('%.2g%%', 100*column('share'))) every ::1::1 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::2::41 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 6 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::44::83 with filledcurves y=5 fillcolor rgb '#97c0d9', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::42::42 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::42::42 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(5):(-22):(-21.2):(5):(5+bar_scale*column('share')) every ::43::43 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-21.05):(5):(sprintf('%.2g%%', 100*column('share'))) every ::43::43 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::44::83 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 5 with lines linecolor rgb '#97c0d9' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::86::125 with filledcurves y=4 fillcolor rgb '#79a9c7', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::84::84 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::84::84 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(4):(-22):(-21.2):(4):(4+bar_scale*column('share')) every ::85::85 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-21.05):(4):(sprintf('%.2g%%', 100*column('share'))) every ::85::85 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::86::125 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 4 with lines linecolor rgb '#79a9c7' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::128::167 with filledcurves y=3 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::126::126 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::126::126 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(3):(-22):(-21.2):(3):(3+bar_scale*column('share')) every ::127::127 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-21.05):(3):(sprintf('%.2g%%', 100*column('share'))) every ::127::127 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::128::167 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 3 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::170::209 with filledcurves y=2 fillcolor rgb '#3d7ca4', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::168::168 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::168::168 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(2):(-22):(-21.2):(2):(2+bar_scale*column('share')) every ::169::169 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-21.05):(2):(sprintf('%.2g%%', 100*column('share'))) every ::169::169 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::170::209 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 2 with lines linecolor rgb '#3d7ca4' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::212::251 with filledcurves y=1 fillcolor rgb '#1f6692', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::210::210 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::210::210 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(1):(-22):(-21.2):(1):(1+bar_scale*column('share')) every ::211::211 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-21.05):(1):(sprintf('%.2g%%', 100*column('share'))) every ::211::211 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::212::251 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 1 with lines linecolor rgb '#1f6692' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::254::293 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::252::252 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::252::252 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(0):(-22):(-21.2):(0):(0+bar_scale*column('share')) every ::253::253 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-21.05):(0):(sprintf('%.2g%%', 100*column('share'))) every ::253::253 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::254::293 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid

# Panel 2.
set margins screen 0.561, screen 0.9839, screen 0.727, screen 0.9655
set title '' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'Adam, warmup 200' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:8.47]
set ytics scale 0,0 ('1' 6, '5' 5, '10' 4, '25' 3, '50' 2, '75' 1, '100' 0)
plot \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::296::335 with filledcurves y=6 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::294::294 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::294::294 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(6):(-22):(-21.2):(6):(6+bar_scale*column('share')) every ::295::295 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-21.05):(6):(sprintf('%.2g%%', 100*column('share'))) every ::295::295 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::296::335 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 6 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::338::377 with filledcurves y=5 fillcolor rgb '#97c0d9', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::336::336 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::336::336 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(5):(-22):(-21.2):(5):(5+bar_scale*column('share')) every ::337::337 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-21.05):(5):(sprintf('%.2g%%', 100*column('share'))) every ::337::337 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::338::377 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 5 with lines linecolor rgb '#97c0d9' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::380::419 with filledcurves y=4 fillcolor rgb '#79a9c7', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::378::378 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::378::378 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(4):(-22):(-21.2):(4):(4+bar_scale*column('share')) every ::379::379 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-21.05):(4):(sprintf('%.2g%%', 100*column('share'))) every ::379::379 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::380::419 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 4 with lines linecolor rgb '#79a9c7' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::422::461 with filledcurves y=3 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::420::420 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::420::420 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(3):(-22):(-21.2):(3):(3+bar_scale*column('share')) every ::421::421 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-21.05):(3):(sprintf('%.2g%%', 100*column('share'))) every ::421::421 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::422::461 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 3 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::464::503 with filledcurves y=2 fillcolor rgb '#3d7ca4', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::462::462 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::462::462 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(2):(-22):(-21.2):(2):(2+bar_scale*column('share')) every ::463::463 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-21.05):(2):(sprintf('%.2g%%', 100*column('share'))) every ::463::463 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::464::503 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 2 with lines linecolor rgb '#3d7ca4' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::506::545 with filledcurves y=1 fillcolor rgb '#1f6692', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::504::504 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::504::504 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(1):(-22):(-21.2):(1):(1+bar_scale*column('share')) every ::505::505 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-21.05):(1):(sprintf('%.2g%%', 100*column('share'))) every ::505::505 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::506::545 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 1 with lines linecolor rgb '#1f6692' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::548::587 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::546::546 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::546::546 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(0):(-22):(-21.2):(0):(0+bar_scale*column('share')) every ::547::547 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-21.05):(0):(sprintf('%.2g%%', 100*column('share'))) every ::547::547 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::548::587 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid

# Panel 3.
set margins screen 0.0696, screen 0.4926, screen 0.3936, screen 0.6322
set title '' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'Adam, freeze 500' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:8.47]
set ytics scale 0,0 ('1' 6, '5' 5, '10' 4, '25' 3, '50' 2, '75' 1, '100' 0)
plot \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::590::629 with filledcurves y=6 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::588::588 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::588::588 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(6):(-22):(-21.2):(6):(6+bar_scale*column('share')) every ::589::589 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-21.05):(6):(sprintf('%.2g%%', 100*column('share'))) every ::589::589 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::590::629 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 6 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::632::671 with filledcurves y=5 fillcolor rgb '#97c0d9', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::630::630 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::630::630 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(5):(-22):(-21.2):(5):(5+bar_scale*column('share')) every ::631::631 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-21.05):(5):(sprintf('%.2g%%', 100*column('share'))) every ::631::631 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::632::671 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 5 with lines linecolor rgb '#97c0d9' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::674::713 with filledcurves y=4 fillcolor rgb '#79a9c7', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::672::672 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::672::672 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(4):(-22):(-21.2):(4):(4+bar_scale*column('share')) every ::673::673 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-21.05):(4):(sprintf('%.2g%%', 100*column('share'))) every ::673::673 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::674::713 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 4 with lines linecolor rgb '#79a9c7' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::716::755 with filledcurves y=3 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::714::714 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::714::714 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(3):(-22):(-21.2):(3):(3+bar_scale*column('share')) every ::715::715 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-21.05):(3):(sprintf('%.2g%%', 100*column('share'))) every ::715::715 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::716::755 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 3 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::758::797 with filledcurves y=2 fillcolor rgb '#3d7ca4', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::756::756 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::756::756 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(2):(-22):(-21.2):(2):(2+bar_scale*column('share')) every ::757::757 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-21.05):(2):(sprintf('%.2g%%', 100*column('share'))) every ::757::757 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::758::797 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 2 with lines linecolor rgb '#3d7ca4' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::800::839 with filledcurves y=1 fillcolor rgb '#1f6692', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::798::798 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::798::798 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(1):(-22):(-21.2):(1):(1+bar_scale*column('share')) every ::799::799 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-21.05):(1):(sprintf('%.2g%%', 100*column('share'))) every ::799::799 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::800::839 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 1 with lines linecolor rgb '#1f6692' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::842::881 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::840::840 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::840::840 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(0):(-22):(-21.2):(0):(0+bar_scale*column('share')) every ::841::841 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-21.05):(0):(sprintf('%.2g%%', 100*column('share'))) every ::841::841 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::842::881 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid

# Panel 4.
set margins screen 0.561, screen 0.9839, screen 0.3936, screen 0.6322
set title '' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'Adam-eps 1e-3' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:8.47]
set ytics scale 0,0 ('1' 6, '5' 5, '10' 4, '25' 3, '50' 2, '75' 1, '100' 0)
plot \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::884::923 with filledcurves y=6 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::882::882 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::882::882 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(6):(-22):(-21.2):(6):(6+bar_scale*column('share')) every ::883::883 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-21.05):(6):(sprintf('%.2g%%', 100*column('share'))) every ::883::883 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::884::923 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 6 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::926::965 with filledcurves y=5 fillcolor rgb '#97c0d9', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::924::924 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::924::924 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(5):(-22):(-21.2):(5):(5+bar_scale*column('share')) every ::925::925 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-21.05):(5):(sprintf('%.2g%%', 100*column('share'))) every ::925::925 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::926::965 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 5 with lines linecolor rgb '#97c0d9' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::968::1007 with filledcurves y=4 fillcolor rgb '#79a9c7', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::966::966 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::966::966 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(4):(-22):(-21.2):(4):(4+bar_scale*column('share')) every ::967::967 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-21.05):(4):(sprintf('%.2g%%', 100*column('share'))) every ::967::967 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::968::1007 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 4 with lines linecolor rgb '#79a9c7' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::1010::1049 with filledcurves y=3 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::1008::1008 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::1008::1008 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(3):(-22):(-21.2):(3):(3+bar_scale*column('share')) every ::1009::1009 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-21.05):(3):(sprintf('%.2g%%', 100*column('share'))) every ::1009::1009 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::1010::1049 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 3 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::1052::1091 with filledcurves y=2 fillcolor rgb '#3d7ca4', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::1050::1050 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::1050::1050 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(2):(-22):(-21.2):(2):(2+bar_scale*column('share')) every ::1051::1051 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-21.05):(2):(sprintf('%.2g%%', 100*column('share'))) every ::1051::1051 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::1052::1091 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 2 with lines linecolor rgb '#3d7ca4' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::1094::1133 with filledcurves y=1 fillcolor rgb '#1f6692', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::1092::1092 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::1092::1092 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(1):(-22):(-21.2):(1):(1+bar_scale*column('share')) every ::1093::1093 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-21.05):(1):(sprintf('%.2g%%', 100*column('share'))) every ::1093::1093 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::1094::1133 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 1 with lines linecolor rgb '#1f6692' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::1136::1175 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::1134::1134 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::1134::1134 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(0):(-22):(-21.2):(0):(0+bar_scale*column('share')) every ::1135::1135 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-21.05):(0):(sprintf('%.2g%%', 100*column('share'))) every ::1135::1135 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::1136::1175 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid

# Panel 5.
set margins screen 0.0696, screen 0.4926, screen 0.0603, screen 0.2989
set title '' offset 0,-0.7
set format x '%g'
set format y '%g'
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'RAdam' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:8.47]
set ytics scale 0,0 ('1' 6, '5' 5, '10' 4, '25' 3, '50' 2, '75' 1, '100' 0)
plot \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::1178::1217 with filledcurves y=6 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::1176::1176 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::1176::1176 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(6):(-22):(-21.2):(6):(6+bar_scale*column('share')) every ::1177::1177 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-21.05):(6):(sprintf('%.2g%%', 100*column('share'))) every ::1177::1177 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::1178::1217 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 6 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::1220::1259 with filledcurves y=5 fillcolor rgb '#97c0d9', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::1218::1218 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::1218::1218 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(5):(-22):(-21.2):(5):(5+bar_scale*column('share')) every ::1219::1219 with boxxyerror fillcolor rgb '#97c0d9' fillstyle solid 1 border linecolor rgb '#97c0d9' linewidth 0.5, \
     '' using (-21.05):(5):(sprintf('%.2g%%', 100*column('share'))) every ::1219::1219 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::1220::1259 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 5 with lines linecolor rgb '#97c0d9' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::1262::1301 with filledcurves y=4 fillcolor rgb '#79a9c7', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::1260::1260 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::1260::1260 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(4):(-22):(-21.2):(4):(4+bar_scale*column('share')) every ::1261::1261 with boxxyerror fillcolor rgb '#79a9c7' fillstyle solid 1 border linecolor rgb '#79a9c7' linewidth 0.5, \
     '' using (-21.05):(4):(sprintf('%.2g%%', 100*column('share'))) every ::1261::1261 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::1262::1301 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 4 with lines linecolor rgb '#79a9c7' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::1304::1343 with filledcurves y=3 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::1302::1302 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::1302::1302 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(3):(-22):(-21.2):(3):(3+bar_scale*column('share')) every ::1303::1303 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-21.05):(3):(sprintf('%.2g%%', 100*column('share'))) every ::1303::1303 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::1304::1343 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 3 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::1346::1385 with filledcurves y=2 fillcolor rgb '#3d7ca4', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::1344::1344 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::1344::1344 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(2):(-22):(-21.2):(2):(2+bar_scale*column('share')) every ::1345::1345 with boxxyerror fillcolor rgb '#3d7ca4' fillstyle solid 1 border linecolor rgb '#3d7ca4' linewidth 0.5, \
     '' using (-21.05):(2):(sprintf('%.2g%%', 100*column('share'))) every ::1345::1345 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::1346::1385 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 2 with lines linecolor rgb '#3d7ca4' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::1388::1427 with filledcurves y=1 fillcolor rgb '#1f6692', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::1386::1386 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::1386::1386 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(1):(-22):(-21.2):(1):(1+bar_scale*column('share')) every ::1387::1387 with boxxyerror fillcolor rgb '#1f6692' fillstyle solid 1 border linecolor rgb '#1f6692' linewidth 0.5, \
     '' using (-21.05):(1):(sprintf('%.2g%%', 100*column('share'))) every ::1387::1387 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::1388::1427 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 1 with lines linecolor rgb '#1f6692' linewidth 0.5 dashtype solid, \
     'figure2.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::1430::1469 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::1428::1428 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::1428::1428 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(0):(-22):(-21.2):(0):(0+bar_scale*column('share')) every ::1429::1429 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-21.05):(0):(sprintf('%.2g%%', 100*column('share'))) every ::1429::1429 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::1430::1469 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:0] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid
unset multiplot

unset output
